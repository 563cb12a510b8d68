"""Sentences -> captions: at most two lines, breaks at phrase ends, each long enough to read."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from repurpose.models import Cue, Ms, Sentence
from repurpose.text.clings import clinging
from repurpose.text.lines import Lines, lay
from repurpose.text.signs import CLOSING, wraps_by_sign
from repurpose.text.timed import Atom, atoms_of

# Netflix Timed Text Style Guide, general requirements and Simplified Chinese: 5/6 s to 7 s, 16 signs a line, 2 frames apart;
# English: 42 characters a line.
SHORTEST: Ms = 834
LONGEST: Ms = 7000
APART: Ms = 84
HOLD: Ms = 400  # a caption may stay this long after its last word, where nothing follows
BREATH: Ms = 1500  # a pause this long is never inside a caption
WIDE_LINE = 16.0  # full squares
NARROW_LINE = 42.0  # letters


@dataclass(frozen=True)
class Page:
    """How much a caption may hold: `rows` lines of `limit`, as `measure` tells their width, and `apart` from the next."""

    limit: float
    rows: int = 2
    measure: Callable[[str], float] | None = None  # None: in letters, or in squares where the language has them
    apart: Ms = APART
    each: float = 1.0  # what one more caption costs; less makes shorter ones, that end where a clause does
    longest: Ms = LONGEST
    clings: bool = False  # lines keep Chinese particles and prepositions with the words they belong to


def cues_of(
    sentences: Sequence[Sentence],
    language: str,
    terms: Sequence[str] = (),
    until: Ms | None = None,
    page: Page | None = None,
) -> tuple[Cue, ...]:
    """Captions for the sentences, in order, apart from each other, none after `until`.

    Two lines of 16 squares (Chinese) or 42 letters unless `page` says otherwise; 5/6 s to 7 s each. Where words come
    faster than that, captions run a little late instead of overlapping.
    """
    narrow = not wraps_by_sign(language)
    page = page or Page(NARROW_LINE if narrow else WIDE_LINE)
    drafts: list[tuple[Ms, Ms, tuple[str, ...]]] = []
    for run in _runs([atoms_of(sentence, language, terms) for sentence in sentences]):
        run = clinging(run) if page.clings else run
        for first, stop, lines in _divide(run, page, narrow):
            drafts.append((run[first].start, run[stop - 1].end, lines))
    return _timed(drafts, until, page.apart)


def _runs(sentences: Sequence[Sequence[Atom]]) -> list[list[Atom]]:
    """Atoms in runs without a long pause, whoever's sentence they are."""
    runs: list[list[Atom]] = []
    for atom in (atom for sentence in sentences for atom in sentence):
        if runs and atom.start - runs[-1][-1].end < BREATH:
            runs[-1].append(atom)
        else:
            runs.append([atom])
    return runs


def _divide(run: Sequence[Atom], page: Page, narrow: bool) -> list[tuple[int, int, tuple[str, ...]]]:
    """The run as captions (first atom, atom after the last, lines) at the least total cost: dynamic programming over breaks."""
    best: list[tuple[float, int, tuple[str, ...]]] = [(0.0, 0, ())]
    for stop in range(1, len(run) + 1):
        found: tuple[float, int, tuple[str, ...]] | None = None
        for first in range(stop - 1, -1, -1):
            lines = lay(run[first:stop], page.limit, narrow, page.rows, page.measure)
            long = run[stop - 1].end - run[first].start
            if first < stop - 1 and (lines is None or long > page.longest):
                break
            if lines is None:
                lines = Lines(_wide(run[first].text.strip(), narrow or page.rows < 2), 0.0)
            cost = best[first][0] + page.each + _cost(run, first, stop, lines.cost)
            if found is None or cost < found[0]:
                found = (cost, first, lines.texts)
        assert found is not None
        best.append(found)
    parts: list[tuple[int, int, tuple[str, ...]]] = []
    stop = len(run)
    while stop:
        _, first, texts = best[stop]
        parts.append((first, stop, texts))
        stop = first
    return parts[::-1]


def _wide(text: str, narrow: bool) -> tuple[str, ...]:
    """One atom wider than a line: a Latin term stays whole, a run of Chinese numbers goes on two lines."""
    place = len(text) // 2
    while place < len(text) and text[place] in CLOSING:
        place += 1
    if narrow or text.isascii() or place >= len(text):
        return (text,)
    return text[:place].strip(), text[place:].strip()


def _cost(run: Sequence[Atom], first: int, stop: int, laid: float) -> float:
    """What is wrong with one caption: where it breaks, a sentence ending inside it, too short a time, its lines."""
    last = run[stop - 1]
    room = (run[stop].start if stop < len(run) else last.end + SHORTEST) - run[first].start - APART
    pause = run[stop].start - last.end if stop < len(run) else BREATH
    broken = last.cost * (0.4 if pause >= 200 else 1.0) * 4
    swallowed = sum(atom.cost == 0.0 for atom in run[first : stop - 1]) * 1.5
    hurried = 8.0 * max(0, SHORTEST - room) / SHORTEST
    brief = 1.0 * max(0, 1400 - room) / 1400
    return broken + swallowed + hurried + brief + laid


def _timed(drafts: Sequence[tuple[Ms, Ms, tuple[str, ...]]], until: Ms | None, apart: Ms) -> tuple[Cue, ...]:
    if not drafts:
        return ()
    times: list[tuple[Ms, Ms]] = []
    free: Ms = 0  # the first moment the next caption may start
    nexts = [start for start, _, _ in drafts[1:]] + [until if until is not None else 1 << 62]
    for (start, end, _), following in zip(drafts, nexts, strict=True):
        latest = following - (apart if following != until else 0)
        end = max(end, min(end + HOLD, latest))
        start = max(start, free)
        end = min(end, start + LONGEST, max(latest, start + SHORTEST))
        if end - start < SHORTEST:
            start = max(free, min(start, end - SHORTEST)) if until is not None and end >= until else start
            end = max(end, start + SHORTEST)
        times.append((start, end))
        free = end + apart
    if until is not None:
        times = _caught_up(times, [start for start, _, _ in drafts], until, apart)
    return tuple(
        Cue(start=start, end=end, lines=lines)
        for (start, end), (_, _, lines) in zip(times, drafts, strict=True)
        if start < end
    )


def _caught_up(times: Sequence[tuple[Ms, Ms]], said: Sequence[Ms], until: Ms, apart: Ms) -> list[tuple[Ms, Ms]]:
    """The times with what has fallen so late that it would miss the end moved back to where it is `said`, and shortened.

    Where what is said has no length either, each caption still gets APART, at the cost of those before it.
    """
    found: list[tuple[Ms, Ms]] = []
    limit = until
    for before, (start, end), spoken in reversed(list(zip(range(len(times)), times, said, strict=True))):
        end = max(0, min(end, limit))
        earliest = max(spoken, before * (APART + apart))  # those before it need their own time
        start = max(0, min(start, max(end - SHORTEST, min(earliest, end - APART))))
        found.append((start, end))
        limit = start - apart
    return found[::-1]
