"""What becomes of an event that came in: the checks, in order, and the fate of who fails one. Pure.

An event has exactly one fate. Two more are found while it is written: `duplicate`, when it was written before, and
`implausible` for a player that claims more than its time. Bots, staff and what is implausible or late are kept with their
fate, so that it can be looked into, and count for nothing. The rest is only counted.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal, NamedTuple

from repurpose.models.film import Film
from repurpose.track.arrived import Batch, Event
from repurpose.track.token import ViewToken

Fate = Literal[
    "accepted",
    "duplicate",
    "implausible",
    "bot",
    "staff",
    "no_consent",
    "expired_token",
    "malformed",
    "late",
    "overload",
]
KEPT: frozenset[Fate] = frozenset({"accepted", "implausible", "bot", "staff", "late"})
LATE_MS = 7 * 24 * 3600 * 1000
SLOWEST, FASTEST = 25, 400  # hundredths of speed
OVER_MS = 500  # a file may play on for a frame or two after its length
SLACK_MS = 1_500  # what a stretch may show more than its time allows: two reads of the clock, a frame, a hiccup
LONGEST_MS = 180_000  # of one stretch: in a tab nobody sees a browser lets us look once a minute
CLOCKS_MS = 5_000  # how far the clocks of two of our servers may differ
AHEAD_MS = 1_000  # how far after its own batch an event may lie


@dataclass(frozen=True)
class Came:
    """How a batch came: when, by whom, and what it is for."""

    at: int  # ms since 1970, by our clock
    token: ViewToken | None  # none when it is not ours, or has ended
    film: Film | None  # none when there is no such film in the token's event
    who: Literal["viewer", "bot", "staff"]
    visitor: str
    channel: str
    link: str
    person: str
    consents: bool  # may be told apart beyond the day
    named: bool  # a visitor was named who did not agree to that


def happened(event: Event, batch: Batch, came: Came) -> int:
    """When an event was, in ms since 1970: counted back from now by the player's own clock, whatever its calendar says."""
    return came.at - max(0, batch.sent - event.dt)


def _ended(event: Event, batch: Batch, came: Came) -> bool:
    return came.token is None or came.film is None


def _named(event: Event, batch: Batch, came: Came) -> bool:
    return came.named


def _bot(event: Event, batch: Batch, came: Came) -> bool:
    return came.who == "bot"


def _staff(event: Event, batch: Batch, came: Came) -> bool:
    return came.who == "staff"


def _late(event: Event, batch: Batch, came: Came) -> bool:
    return came.at - happened(event, batch, came) > LATE_MS


def _before_the_page(event: Event, batch: Batch, came: Came) -> bool:
    """The player cannot have begun before its page was made."""
    return came.token is not None and came.at - batch.sent < came.token.made * 1000 - CLOCKS_MS


def _after_its_batch(event: Event, batch: Batch, came: Came) -> bool:
    return event.dt + event.w > batch.sent + AHEAD_MS


def _no_stretch(event: Event, batch: Batch, came: Came) -> bool:
    """A stretch lies in the film and was played at a speed that players have, in the time it says it took."""
    if event.k != "seg" or came.film is None:
        return False
    inside = event.a < event.b <= came.film.length + OVER_MS
    speed = SLOWEST <= event.rate <= FASTEST and event.w <= LONGEST_MS
    return not (inside and speed and (event.b - event.a) * 100 <= event.rate * event.w * 1.05 + SLACK_MS * 100)


class Check(NamedTuple):
    """One check, and the fate of an event that fails it."""

    fate: Fate
    fails: Callable[[Event, Batch, Came], bool]
    whole: bool  # it says the same of every event of a batch


CHECKS: Sequence[Check] = (
    Check("expired_token", _ended, whole=True),
    Check("no_consent", _named, whole=True),
    Check("bot", _bot, whole=True),
    Check("staff", _staff, whole=True),
    Check("late", _late, whole=False),
    Check("implausible", _before_the_page, whole=True),
    Check("implausible", _after_its_batch, whole=False),
    Check("implausible", _no_stretch, whole=False),
)


def fates_of(batch: Batch, came: Came) -> tuple[Fate, ...]:
    """The fate of each event of a batch, as far as it can be told before it is written."""
    last: Fate = "accepted"
    left = []
    for check in CHECKS if batch.events else ():
        if not check.whole:
            left.append(check)
        elif check.fails(batch.events[0], batch, came):
            last = check.fate
            break
    return tuple(_fate_of(event, batch, came, left, last) for event in batch.events)


def _fate_of(event: Event, batch: Batch, came: Came, left: Sequence[Check], last: Fate) -> Fate:
    for check in left:
        if check.fails(event, batch, came):
            return check.fate
    return last


def takes(event: Event) -> int:
    """The viewer's time that a stretch took, ms: at least as long as it says, and as its content takes at its speed."""
    return max(event.w, (event.b - event.a) * 100 // max(1, event.rate))


def fits(used: int, reach: int, event: Event) -> bool:
    """May this be counted for a player that has counted `used` ms of its viewer's time, up to `reach` ms after its load?

    A player plays one stretch after the other, so all of them fit between its load and the end of the last, in whichever
    order they come.
    """
    return used + takes(event) <= max(reach, event.dt + event.w) * 1.02 + CLOCKS_MS
