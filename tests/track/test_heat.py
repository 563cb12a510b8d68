"""The places that were watched most, with what was said there."""

from __future__ import annotations

import numpy as np

from repurpose.cli.views import curve
from repurpose.models import Span
from repurpose.track.heat import Heat, hottest


def test_the_hottest_sentences_in_the_order_they_were_said() -> None:
    plays = np.array([1] * 10 + [9] * 5 + [2] * 5 + [6] * 5 + [0] * 5, np.uint32)
    heat = Heat(plays, np.minimum(plays, 3).astype(np.uint32))
    said = [(Span(start=k * 5000, end=k * 5000 + 5000), f"s{k}") for k in range(6)]
    found = hottest(heat, said, 3)
    assert [(one.text, one.plays, one.again) for one in found] == [("s2", 9.0, 2.0), ("s3", 2.0, 0.0), ("s4", 6.0, 1.0)]
    assert [one.start for one in hottest(heat, [], 2)] == [10_000, 20_000]
    assert hottest(Heat(plays * 0, plays * 0), said) == []


def test_the_curve_is_one_line() -> None:
    assert curve([0, 0, 4, 8], 4) == "  ▄█" and len(curve(list(range(1000)))) == 72
    assert curve([1, 1], 2) == "██" and curve([0]) == " "
