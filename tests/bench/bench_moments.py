"""Does every film for 朋友圈 keep to 15.0 s and 10 000 000 bytes? Whole films of varied recordings, each as long as may be.

python -m tests.bench.bench_moments                 # 100 films
python -m tests.bench.bench_moments --count 5 --first 40

Every second film is cut from a real recording (the sample, and those in ../shared where they are), at random places; the
others from pictures that are hard to encode: grain, confetti, scrolling type, flashes, from 360p to 1080p, 24 to 60 frames
a second. All are drawn with captions, title, logo and code, as `repurpose run` draws them.
"""

from __future__ import annotations

import argparse
import random
import sys
import tempfile
import time
from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path
from typing import Any

import av
import numpy as np
from numpy.typing import NDArray

from repurpose.edit.aims import MARGIN
from repurpose.ingest.brand import brand_of, kit_of_file
from repurpose.models import (
    Box,
    Bumpers,
    CallToAction,
    Chapters,
    EditDecisionList,
    Event,
    Faces,
    Layout,
    Recording,
    Rendition,
    Scene,
    Span,
    Transcript,
    Translation,
    View,
    Word,
)
from repurpose.presets import TakePreset
from repurpose.render.drawing import draw
from tests.films import MEDIA, SAMPLE
from tests.media import context, recording_of, sweeps
from tests.render import lettering
from tests.whole import ends_ms

AT_MOST_MS, AT_MOST_BYTES = 15_000, 10_000_000
LENGTH = AT_MOST_MS - MARGIN  # the longest that is ever chosen
RATES = tuple(Fraction(*each) for each in ((24000, 1001), (25, 1), (30000, 1001), (30, 1), (50, 1), (60, 1)))
SIZES = ((640, 360), (1280, 720), (1920, 1080), (640, 640))
KINDS = ("grain", "confetti", "scroll", "flashes")
REAL = ("zh_talk_35min.mp4", "en_talk_19min.mp4", "ibm_earnings_call_qa_en_640.mp4", "autoeditor_example_en_720p.mp4")
EVENT = Event(
    name="moments", title="一场直播，用足六十天", language="zh", brand="repurpose",
    cta=CallToAction(text="领取资料包", url="https://example.com/replay-kit"),
)  # fmt: skip
Image = NDArray[np.uint8]


def main() -> None:
    """Make the films, a line each; exit 1 where one is over a limit or was not made."""
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("--count", type=int, default=100)
    asked.add_argument("--first", type=int, default=0, help="number of the first")
    given = asked.parse_args()
    longest, largest, full, bad = 0.0, 0, 0, 0
    for seed in range(given.first, given.first + given.count):
        began = time.monotonic()
        with tempfile.TemporaryDirectory(prefix="moments-") as name:
            what, film, path = one(seed, Path(name))
            long, size = max(ends_ms(path).values()), path.stat().st_size
        fits = long <= AT_MOST_MS and size <= AT_MOST_BYTES
        longest, largest = max(longest, long), max(largest, size)
        full, bad = full + (size > 0.9 * AT_MOST_BYTES), bad + (not fits)
        note = f" ({film.note})" if film.note else ""
        mark = "" if fits else "  TOO MUCH"
        print(
            f"{seed:3} {what:<52} {long / 1000:7.3f} s {size:>10,} bytes{note}  {time.monotonic() - began:.0f} s{mark}",
            flush=True,
        )
    print(
        f"{given.count - bad} of {given.count} films keep to 15.0 s and 10,000,000 bytes; longest {longest / 1000:.3f} s,"
        f" largest {largest:,} bytes; {full} were held down to fit"
    )
    sys.exit(bool(bad))


def one(seed: int, folder: Path) -> tuple[str, Rendition, Path]:
    """Draw film number `seed`: what it is of, and the file."""
    dice, ctx = random.Random(seed), context(folder)
    there = [path for path in (SAMPLE, *(MEDIA / each for each in REAL)) if path.exists()]
    if seed % 2:
        path = dice.choice(there)
        what, recording = path.stem, recording_of(path, ctx)
    else:
        what, path = generated(dice, folder)
        recording = recording_of(path, ctx)
    style = lettering.render("moments")
    edl = chosen(dice, recording)
    layout = laid_out(dice, edl, recording)
    take = TakePreset(name=f"15s-{seed}", cut="15s", take=1, renders=("moments",))
    film = draw(
        EVENT, brand_of(EVENT, kit_of_file(EVENT.brand, None), ctx.store, "zh"), Translation(), recording, spoken(dice, edl), Chapters(), edl, layout,
        Faces(), Bumpers(), take, style, ctx,
    )  # fmt: skip
    return f"{what}, {len(edl.spans)} spans", film, ctx.store.path(film.video)


def chosen(dice: random.Random, recording: Recording) -> EditDecisionList:
    """One to four spans somewhere in the recording, as long together as a film may be."""
    count = dice.randint(1, 4)
    room = recording.duration - LENGTH - 400
    starts = sorted(dice.randrange(100, room) for _ in range(count))
    parts = sorted(dice.sample(range(1500, LENGTH - 1500, 500), count - 1))
    lengths = [b - a for a, b in zip([0, *parts], [*parts, LENGTH], strict=True)]
    spans, before = [], 0
    for start, length in zip(starts, lengths, strict=True):
        spans.append(Span(start=start + before, end=start + before + length))
        before += length
    return EditDecisionList(cut="15s", title="把一场直播，用足六十天", spans=tuple(spans))


def laid_out(dice: random.Random, edl: EditDecisionList, recording: Recording) -> Layout:
    """In each span the whole picture above a part of it, or a part that fills the frame."""
    style, video = lettering.render("moments"), recording.video
    scenes: list[Scene] = []
    for span in edl.spans:
        shown = lettering.scene(style, dice.choice(("slide", "alone")), span.start, span.end)
        panels = []
        for panel in shown.panels:
            aspect = panel.width / panel.height
            height = min(video.height, video.width / aspect) * (1.0 if panel.shows == "slide" else dice.uniform(0.5, 1))
            view = Box(
                x=dice.uniform(0, video.width - height * aspect), y=dice.uniform(0, video.height - height),
                width=height * aspect, height=height,
            )  # fmt: skip
            panels.append(panel.model_copy(update={"views": (View(at=span.start, box=view),)}))
        scenes.append(shown.model_copy(update={"panels": tuple(panels)}))
    return Layout(width=style.width, height=style.height, scenes=tuple(scenes))


def spoken(dice: random.Random, edl: EditDecisionList) -> Transcript:
    """Sentences said one after the other through all of the recording that is shown."""
    language = dice.choice(("zh", "en"))
    bank = [text for tongue, text in lettering.hundred() if tongue == language]
    sentences = []
    for span in edl.spans:
        at = span.start
        while at < span.end:
            sentence = lettering.said(dice.choice(bank), language, at)
            words = tuple(Word(start=each.start, end=each.end, text=each.text) for each in sentence.words)
            sentences.append(sentence.model_copy(update={"words": words}))
            at = sentence.end + 100
        last = sentences[-1]
        held = tuple(each for each in last.words if each.end <= span.end) or last.words[:1]
        sentences[-1] = last.model_copy(update={"words": held, "end": max(last.start + 1, min(last.end, span.end))})
    return Transcript(language=language, sentences=tuple(sentences))


def generated(dice: random.Random, folder: Path) -> tuple[str, Path]:
    """A recording of a little more than a film's length that is hard to encode."""
    kind, rate, (width, height) = dice.choice(KINDS), dice.choice(RATES), dice.choice(SIZES)
    count, target = round(Fraction(LENGTH + 2000, 1000) * rate), folder / "hard.mp4"
    sound = sweeps(float(count / rate))
    with av.open(str(target), "w") as output:
        video: Any = output.add_stream("libx264", rate=rate)
        video.width, video.height, video.pix_fmt = width, height, "yuv420p"
        video.options = {"preset": "ultrafast", "crf": "12", "g": "50"}
        track: Any = output.add_stream("aac", rate=48_000, layout="mono")
        for number, picture in enumerate(pictures(kind, dice, count, width, height)):
            frame = av.VideoFrame.from_ndarray(picture, format="yuv420p")
            frame.pts, frame.time_base = number, 1 / rate
            output.mux(video.encode(frame))
            first, last = round(number / rate * 48_000), round((number + 1) / rate * 48_000)
            heard = av.AudioFrame.from_ndarray(sound[None, first:last], format="fltp", layout="mono")
            heard.sample_rate, heard.pts, heard.time_base = 48_000, first, Fraction(1, 48_000)
            output.mux(track.encode(heard))
        output.mux(video.encode(None))
        output.mux(track.encode(None))
    return f"{kind} {width}x{height} at {float(rate):.2f}", target


def pictures(kind: str, dice: random.Random, count: int, width: int, height: int) -> Iterator[Image]:
    """I420 pictures [height * 3 / 2, width] of one kind."""
    source = np.random.default_rng(dice.randrange(1 << 30))
    high, tall, wide = height * 3 // 2, height * 5 // 2, width + 512
    coarse = {"grain": 1, "confetti": 12, "scroll": 4, "flashes": 3}[kind]
    rough = source.integers(16, 236, (tall // coarse + 2, wide // coarse + 2), np.uint8)
    texture = np.kron(rough, np.ones((coarse, coarse), np.uint8))[:tall, :wide]
    strength = dice.uniform(0.2, 1.0)
    texture = (128 + (texture.astype(np.float32) - 128) * strength).astype(np.uint8)
    for number in range(count):
        if kind == "scroll":
            y, x = number * 7 % (tall - high), 0
        elif kind == "flashes":
            y, x = number // 10 * 37 % (tall - high), number // 10 * 53 % 512
        else:
            y, x = int(source.integers(0, tall - high)), int(source.integers(0, 512))
        yield np.ascontiguousarray(texture[y : y + high, x : x + width])


if __name__ == "__main__":
    main()
