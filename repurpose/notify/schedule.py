"""What an attempt's end means: is the message done, when is it tried again, is its endpoint let alone. Pure."""

from __future__ import annotations

import datetime
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from email.utils import parsedate_to_datetime

from repurpose.db.outbox import MessageRow, Settled

# Seconds to wait after each failure, as Standard Webhooks 1.0.0 has them: ten attempts in 75.6 hours.
SCHEDULE_S: tuple[float, ...] = (5, 300, 1800, 7200, 18000, 36000, 50400, 72000, 86400)
JITTER = 0.2  # so that what failed together does not come together again
LONGEST_PAUSE_S = 24 * 3600
WHY = 300  # characters


@dataclass(frozen=True)
class Outcome:
    """How an attempt ended."""

    done: bool
    status: int | None = None  # of an answer, when one came
    why: str = ""
    gone: bool = False  # the endpoint wants nothing any more
    again_s: float | None = None  # it asked to be left alone for so long


def after(
    message: MessageRow, outcome: Outcome, now_ms: int, chance: float, schedule: Sequence[float] = SCHEDULE_S
) -> Settled:
    """What is written after an attempt; `chance` is 0..1 and moves the next one by up to 20 % either way."""
    if outcome.done:
        return Settled(message, "delivered", message.failed, outcome.status, "", message.available_at)
    failed, why = message.failed + 1, outcome.why[:WHY]
    if outcome.gone:  # whoever makes the endpoint active again has it sent again
        return Settled(message, "waiting", message.failed, outcome.status, why, now_ms, disable=why)
    pause = 0 if outcome.again_s is None else now_ms + int(min(outcome.again_s, LONGEST_PAUSE_S) * 1000)
    if failed > len(schedule):
        return Settled(message, "dead", failed, outcome.status, why, message.available_at, pause)
    wait_ms = int(schedule[failed - 1] * 1000 * (1 - JITTER + 2 * JITTER * chance))
    return Settled(message, "waiting", failed, outcome.status, why, max(now_ms + wait_ms, pause), pause)


def retry_after(headers: Mapping[str, str], now_ms: int) -> float | None:
    """The seconds that an answer asks to wait: a number, or until a date (RFC 9110, 10.2.3); None without."""
    given = headers.get("retry-after", "").strip()
    if given.isascii() and given.isdigit() and len(given) < 10:
        return float(given)
    try:
        until = parsedate_to_datetime(given)
    except (TypeError, ValueError):
        return None
    until = until if until.tzinfo else until.replace(tzinfo=datetime.UTC)
    return max(0.0, until.timestamp() - now_ms / 1000)
