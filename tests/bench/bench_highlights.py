"""How well the signals find what people marked, how well chapters begin where people began them, and how long choosing takes.

python -m tests.bench.bench_highlights [--talks 10]      # needs ../shared/text; says so where it is not there
"""

from __future__ import annotations

import argparse
import json
import random
import time
from collections.abc import Callable, Iterator, Sequence
from itertools import accumulate
from pathlib import Path
from statistics import fmean
from typing import Any

from repurpose import presets
from repurpose.edit.fit import fit
from repurpose.highlights.chapters import divide
from repurpose.highlights.rank import rank
from repurpose.highlights.talk import ranked
from repurpose.models import Choices, Edits, Event, Live, Retention, Sentence, Slides, Sound, Transcript
from tests.edit.fabricate import context, cuts, make

SHARED = Path(__file__).parents[2].parent / "shared" / "text"
PRESET = presets.load().highlights
SIGN_MS = {"zh": 200, "en": 65}  # an ordinary pace, where the text has no times


def rows(name: str, most: int) -> Iterator[dict[str, Any]]:
    with (SHARED / f"{name}.jsonl").open(encoding="utf-8") as lines:
        yield from (json.loads(line) for line, _ in zip(lines, range(most), strict=False))


def transcript(row: dict[str, Any]) -> Transcript:
    at, sentences = 0, []
    for said in row["sentences"]:
        text = said["text"].strip() or "."
        start = max(at, said.get("start", at + 300))
        end = max(start + 100, said.get("end", start + len(text) * SIGN_MS[row["language"]]))
        sentences.append(Sentence(start=start, end=end, text=text, speaker=said.get("speaker")))
        at = end
    return Transcript(language=row["language"], sentences=tuple(sentences))


def area(marked: Sequence[bool], scores: Sequence[float]) -> float:
    """The chance that a marked sentence scores above one that is not (area under the ROC curve)."""
    places = [place * (len(scores) - 1) + 1 for place in ranked(list(scores))]
    yes = sum(marked)
    above = sum(place for place, mark in zip(places, marked, strict=True) if mark) - yes * (yes + 1) / 2
    return above / (yes * (len(marked) - yes))


def best_fifth(marked: Sequence[bool], scores: Sequence[float]) -> float:
    """The share of marked sentences in the best fifth."""
    order = sorted(range(len(scores)), key=lambda i: -scores[i])
    return fmean(marked[i] for i in order[: max(1, len(order) // 5)])


def segmentation_error(wanted: Sequence[int], found: Sequence[int], size: int) -> float:
    """Pk (Beeferman, Berger, Lafferty 1999): how often two sentences half a segment apart are judged wrongly; lower is better."""
    a, b = (list(accumulate(int(i in set(firsts)) for i in range(size))) for firsts in (wanted, found))
    k = max(1, round(size / (len(wanted) + 1) / 2))
    return fmean((a[i] == a[i + k]) != (b[i] == b[i + k]) for i in range(size - k))


def close(wanted: Sequence[int], found: Sequence[int], within: int = 2) -> float:
    """F1 of boundaries, right when at most `within` sentences off."""
    if not wanted or not found:
        return 0.0
    right = fmean(any(abs(i - j) <= within for j in wanted) for i in found)
    heard = fmean(any(abs(i - j) <= within for j in found) for i in wanted)
    return 2 * right * heard / (right + heard) if right + heard else 0.0


def highlights(name: str, most: int) -> None:
    rng = random.Random(0)
    ways: dict[str, Callable[[list[float]], list[float]]] = {
        "signals": lambda scores: scores,
        "the first ones": lambda scores: [-float(i) for i in range(len(scores))],
        "chance": lambda scores: [rng.random() for _ in scores],
    }
    got: dict[str, list[tuple[float, float]]] = {way: [] for way in ways}
    for row in rows(name, most):
        marked = [value > 0.5 for value in row["highlight"]]
        if any(marked) and not all(marked):
            said = transcript(row)
            chapters = divide(said, Slides(), Event(name="talk"), PRESET, context())
            scored = rank(
                said, Sound(speech=None), Slides(), chapters, Live(), Choices(), Retention(), PRESET, context()
            )
            scores = [item.score for item in scored.items]
            for way, bend in ways.items():
                got[way].append((area(marked, bend(scores)), best_fifth(marked, bend(scores))))
    for way, pairs in got.items():
        print(
            f"  {name:10} {way:15} AUC {fmean(a for a, _ in pairs):.3f}  marked in the best fifth {fmean(p for _, p in pairs):.3f}"
        )


def boundaries(name: str, most: int) -> None:
    got: dict[str, list[tuple[float, float]]] = {"chapters": [], "even parts": []}
    for row in rows(name, most):
        said = transcript(row)
        size = len(said.sentences)
        found = [item.first for item in divide(said, Slides(), Event(name="talk"), PRESET, context()).items[1:]]
        even = [round(size * k / (len(found) + 1)) for k in range(1, len(found) + 1)]
        for way, firsts in (("chapters", found), ("even parts", even)):
            wanted = row["boundaries"]
            got[way].append((segmentation_error(wanted, firsts, size), close(wanted, firsts)))
    for way, pairs in got.items():
        print(
            f"  {name:10} {way:15} Pk {fmean(a for a, _ in pairs):.3f}  F1 within 2 sentences {fmean(p for _, p in pairs):.3f}"
        )


def speed() -> None:
    made = make(1, 120)
    print(f"  a talk of {made.recording.duration // 60_000} minutes, {len(made.transcript.sentences)} sentences:")
    done: dict[str, Edits] = {}
    for name, cut in cuts().items():
        before = time.process_time()
        done[name] = fit(*made, Choices(), done.get(cut.within), cut, context())
        print(f"  {name:6} {time.process_time() - before:.2f} s of CPU, {len(done[name].takes)} takes")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--talks", type=int, default=10, help="how many recordings of each collection")
    most = parser.parse_args().talks
    if SHARED.exists():
        for name in ("vcsum_dev", "ami_a"):
            highlights(name, most)
        for name in ("clvts_a", "vcsum_dev"):
            boundaries(name, most)
    else:
        print(f"  {SHARED} is not there: only the speed is measured")
    speed()


if __name__ == "__main__":
    main()
