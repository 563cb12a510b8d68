"""How regularly pictures and sound follow one another, from their timestamps alone. Pure."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
from numpy.typing import NDArray

# Rates that cameras and recorders mean when their timestamps say nearly so.
COMMON = [Fraction(n, 1001) for n in (24000, 30000, 48000, 60000, 120000)]
COMMON += [Fraction(n) for n in (5, 6, 8, 10, 12, 15, 20, 24, 25, 30, 48, 50, 60, 90, 100, 120)]
NEAR = 1e-3
APART_S = 60.0
_LAST = 16  # pictures: an encoder looks no further ahead (H.264 A.3.1 allows as many to be held back)
JITTER_S = 0.002  # recorders round each timestamp by themselves; the grid behind them is still regular


def pace(ticks: NDArray[np.int64], tick: Fraction) -> tuple[Fraction, bool]:
    """(frames a second, whether they are constant) of rising timestamps in units of `tick` seconds.

    Constant means that every timestamp lies on one grid, within two ticks or 2 ms and never more than a quarter frame.
    For a variable rate the figure is that of its ordinary steps. One frame or none: (0, True).
    """
    if len(ticks) < 2:
        return Fraction(0), True
    length = int(ticks[-1] - ticks[0])
    if length > 0:
        mean = Fraction(len(ticks) - 1) / (length * tick)
        for rate in (*_common_near(mean), mean.limit_denominator(100_000)):
            if rate and _on_grid(ticks, tick, rate):
                return rate, True
    steps = np.diff(ticks)
    middle = float(np.median(steps))
    usual = steps[np.abs(steps - middle) <= max(2.0, middle / 10)]
    step = Fraction(float(usual.mean())) * tick
    rate = (1 / step).limit_denominator(1001) if step > 0 else Fraction(25)
    return next(iter(_common_near(rate, 0.02)), rate), False


def before_the_end_thins(ticks: NDArray[np.int64]) -> int:
    """How many of the rising `ticks` come before a gap among the last of them; all where there is none.

    A file that was shortened without encoding lacks some of its very last pictures: those that refer to what was cut off.
    """
    if len(ticks) <= 2 * _LAST:
        return len(ticks)
    steps = np.diff(ticks)
    usual, last = np.median(steps), steps[-_LAST:]
    wide = np.flatnonzero(last > 1.5 * usual)
    if not len(wide) or last[wide[0] :].sum() > 2 * _LAST * usual:  # more is missing than pictures wait for each other
        return len(ticks)
    return len(ticks) - len(last) + int(wide[0])


def drift_ms(ticks: NDArray[np.int64], tick: Fraction, samples: int, rate: int) -> tuple[float, float]:
    """(largest offset, largest single step) in ms between audio packets' timestamps and their running sample count.

    A large offset in small steps is a clock that runs wrong; a large step is a gap. `samples` is the size of each packet.
    """
    if len(ticks) < 2:
        return 0.0, 0.0
    off = (ticks - ticks[0]) * float(tick * 1000) - np.arange(len(ticks)) * (samples * 1000 / rate)
    return float(np.abs(off).max()), float(np.abs(np.diff(off)).max())


def believable(ticks: NDArray[np.int64], tick: Fraction, claimed_ms: int) -> NDArray[np.bool_]:
    """Which timestamps belong to the recording: not the few that lie far away from all others.

    A flipped bit sends a packet seconds or hours away. Far is a minute, or a second where that is past the end the header
    promises. Within the header's length a gap is believed: a long silence may be followed by a short farewell.
    """
    keep = np.ones(len(ticks), np.bool_)
    if len(ticks) < 2:
        return keep
    order = np.argsort(ticks, kind="stable")
    seconds = (ticks[order] - ticks[order[0]]) * float(tick)
    few = max(3, len(ticks) // 100)
    for gap in np.flatnonzero(np.diff(seconds) > 1):
        far = seconds[gap + 1] - seconds[gap] > APART_S
        past = claimed_ms > 0 and seconds[gap + 1] > claimed_ms / 1000 + 1
        if len(ticks) - gap - 1 <= few and (past or (far and not claimed_ms)):
            keep[order[gap + 1 :]] = False
            break
        if far and gap + 1 <= few:
            keep[order[: gap + 1]] = False
            claimed_ms += round(seconds[gap + 1] * 1000) if claimed_ms else 0
    return keep


def _common_near(rate: Fraction, within: float = NEAR) -> list[Fraction]:
    near = [common for common in COMMON if abs(common / rate - 1) <= within]
    return sorted(near, key=lambda common: abs(common - rate))


def _on_grid(ticks: NDArray[np.int64], tick: Fraction, rate: Fraction) -> bool:
    step = float(1 / (rate * tick))
    off = (ticks - ticks[0]) - np.arange(len(ticks)) * step
    slack = min(max(2.0, JITTER_S / float(tick)), step / 4)
    return float(off.max() - off.min()) <= 2 * slack and float(np.abs(off).max()) <= 2 * slack
