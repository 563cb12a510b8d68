"""What each rung of the ladder is for, as a choice of passages: cover, story, point, hook."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

from repurpose.edit.choose import Passage, fill, string, windows
from repurpose.edit.material import Material, Run
from repurpose.edit.passages import best_hook, passages, strength, usual
from repurpose.models import Ms
from repurpose.presets import CutPreset

MARGIN: Ms = 60  # what rounding to frames and to audio packets may add to, or take from, the file
Aim = Callable[[Material, CutPreset, int], list[list[Run]]]

_COVER_JOINT = 8.0  # a joint costs as much as so many ordinary seconds gain
_MOST_SPANS = 28
_JOINT = 12.0  # the same in a short cut
_AGAIN = 20.0  # another passage from the chapter just shown, in seconds: more than an ending can gain
_ENDS = 8.0  # an opening or closing passage, in seconds
_MOST_PIECES = 4


def cover(material: Material, cut: CutPreset, takes: int) -> list[list[Run]]:
    """Every chapter in proportion to its worth; weak stretches are left out whole."""
    return _each(material, cut, takes, _cover)


def story(material: Material, cut: CutPreset, takes: int) -> list[list[Run]]:
    """An opening, arguments in order, a closing: passages that can each stand alone, three of them roomy enough for
    a take of the next rung.
    """
    return _each(material, cut, takes, _story)


def point(material: Material, cut: CutPreset, takes: int) -> list[list[Run]]:
    """One passage of one chapter for each take; several pieces only where no passage fits whole."""
    low, high = limits(cut)
    found: list[list[Run]] = []
    for usable in (material.clean, material.allowed):
        stretches = [
            passage._replace(value=passage.value + _hooked(material, passage, cut))
            for passage in passages(material, usable, low, high)
        ]
        found = [[(passage.first, passage.last)] for passage in windows(stretches, takes)]
        if len(found) == takes:
            return found
    rest = _without(material, {i for runs in found for first, last in runs for i in range(first, last + 1)})
    return found + _each(rest, cut, takes - len(found), pieces)


def _hooked(material: Material, passage: Passage, cut: CutPreset) -> float:
    """What a passage gains by the hook inside it: a quarter of its length at the hook's worth, or a loss of as much."""
    quarter = cut.at_most // 4
    best = best_hook(material, passage.first, passage.last, quarter)
    return quarter / 1000 * (best if best else -2 * usual(material))


def hook(material: Material, cut: CutPreset, takes: int) -> list[list[Run]]:
    """The strongest few sentences in a row, for each take."""
    low, high = limits(cut)
    for usable in (material.clean, material.allowed):
        stretches = [
            passage._replace(value=strength(material, passage.first, passage.last))
            for passage in passages(material, usable, low, high)
        ]
        if stretches:
            return [[(passage.first, passage.last)] for passage in windows(stretches, takes)]
    return []


def limits(cut: CutPreset) -> tuple[Ms, Ms]:
    """The shortest and the longest the chosen spans may be, so that the file stays within the cut's own limits."""
    return cut.floor + MARGIN, max(cut.floor + MARGIN, cut.at_most - MARGIN)


def _each(
    material: Material, cut: CutPreset, takes: int, one: Callable[[Material, CutPreset], list[Run]]
) -> list[list[Run]]:
    """Take after take, each from what the ones before it left."""
    found: list[list[Run]] = []
    for _ in range(takes):
        runs = one(material, cut)
        if not runs:
            break
        found.append(runs)
        material = _without(material, {i for first, last in runs for i in range(first, last + 1)})
    return found


def _without(material: Material, used: set[int]) -> Material:
    return replace(
        material,
        allowed=[may and i not in used for i, may in enumerate(material.allowed)],
        clean=[may and i not in used for i, may in enumerate(material.clean)],
    )


def _cover(material: Material, cut: CutPreset) -> list[Run]:
    low, high = limits(cut)
    second = usual(material)
    price = _weak(material)  # a second below this is better left out, once the cut is long enough
    lift = [1.0] * len(material.weight)
    joint = _COVER_JOINT * second
    runs: list[Run] = []
    for _ in range(6):
        gain = [
            material.seconds(i) * (material.worth[i] * lift[material.chapter[i]] - price) for i in range(material.size)
        ]
        made = fill(material, gain, material.allowed, joint, low, high)
        if not made:
            break
        runs = made
        short = _short_chapters(material, runs, (low + high) / 2)
        crowded = len(material.spans(runs)) > _MOST_SPANS
        if not short and not crowded:
            break
        lift = [value * (1.6 if k in short else 1.0) for k, value in enumerate(lift)]
        joint *= 1.7 if crowded else 1.0
    return runs


def _weak(material: Material) -> float:
    worths = sorted(material.worth[i] for i in range(material.size) if material.allowed[i])
    return worths[len(worths) // 5] if worths else 0.0


def _short_chapters(material: Material, runs: Sequence[Run], length: float) -> set[int]:
    """Chapters that got less than half of their part of `length`, parts being in proportion to their worth."""
    have = [0.0] * len(material.weight)
    whole = [0.0] * len(material.weight)
    for i in range(material.size):
        if material.clean[i]:
            whole[material.chapter[i]] += material.seconds(i)
    for first, last in runs:
        for i in range(first, last + 1):
            have[material.chapter[i]] += material.seconds(i)
    parts = [weight * seconds for weight, seconds in zip(material.weight, whole, strict=True)]
    scale = length / 1000 / (sum(parts) or 1.0)
    return {k for k, part in enumerate(parts) if have[k] < 0.5 * min(whole[k], part * scale)}


def _story(material: Material, cut: CutPreset) -> list[Run]:
    low, high = limits(cut)
    second = usual(material)
    for usable in (material.clean, material.allowed):
        stretches = [
            _scene(material, passage, cut, second)
            for passage in passages(material, usable, cut.at_most // 15, cut.at_most // 4)
        ]
        made = string(stretches, material.chapter, _AGAIN * second, 3, low, high)
        if made:
            return _merged(material, [(passage.first, passage.last) for passage in made], high)
    return pieces(material, cut)


def _scene(material: Material, passage: Passage, cut: CutPreset, second: float) -> Passage:
    """A passage valued as part of a story; roomy when a fifth of the story can be cut from it, hook and all."""
    seat = material.chapter[passage.first]
    value = passage.value - _JOINT * second + _ENDS * second * (seat in (material.chapter[0], material.chapter[-1]))
    value *= 0.6 + 0.4 * material.weight[seat] / (max(material.weight) or 1.0)
    roomy = cut.at_most * 31 // 200 <= passage.length <= cut.at_most // 5 - MARGIN
    hooked = roomy and best_hook(material, passage.first, passage.last, cut.at_most // 20) > 0
    if not hooked:  # what a person kept belongs where the shorter rungs can take it along
        value -= sum(material.gain(i) / 2 for i in range(passage.first, passage.last + 1) if material.kept[i])
    return passage._replace(value=value, roomy=hooked)


def _merged(material: Material, runs: Sequence[Run], at_most: Ms) -> list[Run]:
    """Neighbouring passages as one, where the pause between them still fits."""
    out: list[Run] = []
    for k, (first, last) in enumerate(runs):
        whole = [*out[:-1], (out[-1][0], last), *runs[k + 1 :]] if out and out[-1][1] + 1 == first else []
        if whole and sum(material.length(i, j) for i, j in whole) <= at_most:
            out[-1] = (out[-1][0], last)
        else:
            out.append((first, last))
    return out


def pieces(material: Material, cut: CutPreset) -> list[Run]:
    """Up to four pieces: of the best chapter that carries the cut, or else of the whole."""
    low, high = limits(cut)
    order = sorted(range(len(material.weight)), key=lambda k: -material.weight[k])
    for usable in (material.clean, material.allowed):
        gain = [material.gain(i) for i in range(material.size)]
        for chapter in (*order, None):
            here = [may and chapter in (None, material.chapter[i]) for i, may in enumerate(usable)]
            if sum(material.seconds(i) for i, may in enumerate(here) if may) * 1000 < low / 2:
                continue
            joint = _JOINT * usual(material)
            for _ in range(5):
                runs = fill(material, gain, here, joint, low, high)
                if not runs or len(runs) <= _MOST_PIECES:
                    break
                joint *= 2
            if runs:
                return runs
    return []


AIMS: Mapping[str, Aim] = {"cover": cover, "story": story, "point": point, "hook": hook}
