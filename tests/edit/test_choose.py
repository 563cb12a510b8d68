"""The dynamic programs find what trying every choice finds."""

from __future__ import annotations

from itertools import combinations

from hypothesis import given, settings
from hypothesis import strategies as st

from repurpose.edit.choose import Passage, fill, string, windows
from repurpose.edit.material import material_of
from repurpose.models import Choices
from tests.edit.fabricate import cuts, make

PASSAGES = st.lists(
    st.tuples(st.integers(0, 8), st.integers(0, 3), st.integers(1, 40), st.integers(5, 40), st.booleans()), max_size=7
)


def passages(rows: list[tuple[int, int, int, int, bool]]) -> list[Passage]:
    return [
        Passage(first, min(9, first + more), value, length * 1000, roomy) for first, more, value, length, roomy in rows
    ]


def apart(chosen: tuple[Passage, ...]) -> bool:
    return all(a.last < b.first or b.last < a.first for a, b in combinations(chosen, 2))


@given(PASSAGES, st.integers(1, 3))
@settings(deadline=None)
def test_windows_are_the_best_that_do_not_overlap(rows: list[tuple[int, int, int, int, bool]], count: int) -> None:
    given = passages(rows)
    found = windows(given, count)
    options = [c for n in range(count + 1) for c in combinations(given, n) if apart(c)]
    most = max(len(option) for option in options)
    assert apart(tuple(found)) and len(found) == most
    assert sum(p.value for p in found) == max(sum(p.value for p in option) for option in options if len(option) == most)
    assert [p.value for p in found] == sorted((p.value for p in found), reverse=True)


@given(PASSAGES)
@settings(deadline=None, max_examples=40)
def test_a_string_of_passages_is_the_best_that_fits(rows: list[tuple[int, int, int, int, bool]]) -> None:
    given = passages(rows)
    chapter = [0, 0, 0, 1, 1, 1, 2, 2, 2, 2]
    found = string(given, chapter, 0.0, 1, 30_000, 80_000)
    options = [
        c
        for n in range(1, len(given) + 1)
        for c in combinations(given, n)
        if apart(c) and 30_000 <= sum(p.length for p in c) <= 80_000
    ]
    roomy = [option for option in options if any(p.roomy for p in option)]
    wanted = max((sum(p.value for p in option) for option in roomy or options), default=0.0)
    assert sum(p.value for p in found) == wanted
    assert [p.first for p in found] == sorted(p.first for p in found)


@given(st.integers(0, 1000), st.integers(2, 6))
@settings(max_examples=15, deadline=None)
def test_filling_is_as_good_as_trying_every_choice(seed: int, joint: int) -> None:
    made = make(seed, 0.8)
    material = material_of(*made, Choices(), None, cuts()["15s"])
    gain = [material.gain(i) for i in range(material.size)]
    size = material.size
    found = fill(material, gain, material.allowed, joint, 8_000, 15_000)

    def runs_of(mask: int) -> list[tuple[int, int]]:
        runs: list[tuple[int, int]] = []
        for i in range(size):
            if mask >> i & 1:
                runs = [*runs[:-1], (runs[-1][0], i)] if runs and runs[-1][1] == i - 1 else [*runs, (i, i)]
        return runs

    def value(runs: list[tuple[int, int]]) -> float:
        return sum(sum(gain[first : last + 1]) for first, last in runs) - joint * len(runs)

    best = -1e9
    for mask in range(1, 1 << min(size, 12)):
        runs = runs_of(mask)
        if any(material.starts[first] is None or material.stops[last] is None for first, last in runs):
            continue
        # A cell of rounding at each joint is all that separates the two.
        if 8_100 <= sum(material.length(first, last) for first, last in runs) <= 14_500:
            best = max(best, value(runs))
    if best > -1e9:
        assert found and value(found) >= best - 1e-6
    if found:
        assert 8_000 <= sum(material.length(first, last) for first, last in found) <= 15_000
