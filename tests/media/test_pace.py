"""The grid behind timestamps."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from repurpose.media.pace import COMMON, believable, drift_ms, pace


@settings(deadline=None)
@given(
    rate=st.sampled_from([rate for rate in COMMON if rate <= 60]),
    tick=st.sampled_from([Fraction(1, 1000), Fraction(1, 90_000), Fraction(1, 12_800), Fraction(1, 30_000)]),
    count=st.integers(150, 3000),
    start=st.integers(0, 10**6),
)
def test_rounded_timestamps_of_a_common_rate(rate: Fraction, tick: Fraction, count: int, start: int) -> None:
    ticks = np.array([start + round(n / rate / tick) for n in range(count)], np.int64)
    assert pace(ticks, tick) == (rate, True)


@settings(deadline=None)
@given(missing=st.integers(1, 198))
def test_one_missing_frame_makes_it_variable(missing: int) -> None:
    ticks = np.array([n * 40 for n in range(200) if n != missing], np.int64)
    assert pace(ticks, Fraction(1, 1000)) == (Fraction(25), False)


def test_an_odd_constant_rate_is_kept() -> None:
    ticks = np.array([round(n * 90_000 / 23.5) for n in range(500)], np.int64)
    rate, steady = pace(ticks, Fraction(1, 90_000))
    assert steady
    assert float(rate) == pytest.approx(23.5, abs=1e-4)


def test_one_frame() -> None:
    assert pace(np.array([7], np.int64), Fraction(1, 1000)) == (Fraction(0), True)


def test_drift_and_jump() -> None:
    steady = np.arange(1000, dtype=np.int64) * 1024
    assert drift_ms(steady, Fraction(1, 48_000), 1024, 48_000) == (0.0, 0.0)
    slow = np.round(steady * 1.002).astype(np.int64)
    off, step = drift_ms(slow, Fraction(1, 48_000), 1024, 48_000)
    assert off == pytest.approx(42.6, abs=0.2)
    assert step < 1
    gap = steady + np.where(np.arange(1000) > 500, 48_000, 0)
    assert drift_ms(gap, Fraction(1, 48_000), 1024, 48_000) == pytest.approx((1000, 1000))


def test_a_flipped_timestamp_is_not_believed() -> None:
    ticks = np.arange(1000, dtype=np.int64) * 26
    ticks[500] += 1 << 29
    assert believable(ticks, Fraction(1, 1000), 26_000).sum() == 999
    assert not believable(ticks, Fraction(1, 1000), 0)[500]
    ticks[500] = -(1 << 29)
    assert not believable(ticks, Fraction(1, 1000), 0)[500]


def test_a_farewell_after_a_long_silence_is_believed() -> None:
    ticks = np.concatenate([np.arange(1000), np.arange(5) + 10_000]).astype(np.int64)
    assert believable(ticks, Fraction(1, 10), 1_000_500).all()
    halves = np.concatenate([np.arange(1000), np.arange(900) + 10_000]).astype(np.int64)
    assert believable(halves, Fraction(1, 10), 0).all()
