"""A vertical clip drawn by us and by a straightforward MoviePy script: wall seconds, times real time, and the ratio.

python -m tests.bench.bench_drawn                    # 60 s of the sample webinar to 1080x1920, both ways
python -m tests.bench.bench_drawn --alone            # ours only
python -m tests.bench.bench_drawn --seconds 15       # shorter
python -m tests.bench.bench_drawn --recording FILE --start 240

The slide above, the speaker's picture from its corner below, captions on it, x264 at the same preset and quality, the
recording's sound. Ours has word-by-word captions as well; the peer has a TextClip a caption.
"""

from __future__ import annotations

import argparse
import os
import tempfile
import time
from collections.abc import Callable
from fractions import Fraction
from pathlib import Path
from typing import Any

import av

from repurpose import presets
from repurpose.context import Context
from repurpose.media import ffmpeg
from repurpose.media.compose import composed
from repurpose.media.drawn import Drawn, draw_file
from repurpose.media.gate import gate
from repurpose.media.index import Index, index_of
from repurpose.media.plan import Run, time_of
from repurpose.models import Box, Layout, Panel, Scene, Sentence, View
from repurpose.render.burned import script_of
from repurpose.render.fonts import Family, fonts_for
from repurpose.store import FolderStore
from tests.render import lettering

SAMPLE = Path(__file__).parents[2] / "assets" / "demo" / "webinar.mp4"
TILE = Box(
    x=1488, y=772, width=384, height=164
)  # the speaker's picture in the sample's corner, cut to the band's shape
SCENE_S = 15
WANTED_RATIO, WANTED_SPEED = 10, 2.5


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("--recording", type=Path, default=SAMPLE)
    asked.add_argument("--start", type=float, default=150, help="seconds into the recording")
    asked.add_argument("--seconds", type=float, default=60)
    asked.add_argument("--threads", type=int, default=len(os.sched_getaffinity(0)))
    asked.add_argument("--alone", action="store_true", help="ours only, without the peer")
    asked.add_argument("--keep", type=Path, help="a folder to leave both files in")
    given = asked.parse_args()
    with av.open(str(given.recording)) as container:
        rate = container.streams.video[0].average_rate or Fraction(25)
    index = index_of(given.recording, rate)  # made once a recording, whatever is drawn of it
    first = round(given.start * rate)
    run = Run(first, min(index.frames, first + round(given.seconds * rate)))
    seconds = float(run.length / rate)
    with tempfile.TemporaryDirectory() as made:
        folder = given.keep or Path(made)
        folder.mkdir(exist_ok=True)
        bench = Bench(index, run, folder, given.threads)
        _, wall, cpu = timed(bench.compose)
        report("composing alone", seconds, wall, cpu, "wanted 4.0 on one core")
        drawn, our_s, cpu = timed(bench.ours)
        report("ours", seconds, our_s, cpu, f"wanted {WANTED_SPEED}; {drawn.bytes / 1e6:.1f} MB by {drawn.encoder}")
        if not given.alone:
            size, peer_s, cpu = timed(bench.peer)
            report("MoviePy", seconds, peer_s, cpu, f"{size / 1e6:.1f} MB")
            print(f"ours is {peer_s / our_s:.1f} times as fast (wanted {WANTED_RATIO})")


def report(what: str, seconds: float, wall: float, cpu: float, note: str) -> None:
    print(
        f"{what}: {wall:.1f} s for {seconds:.0f} s, {seconds / wall:.2f} x real time ({cpu:.1f} s of processor; {note})",
        flush=True,
    )


def timed(work: Callable[[], Any]) -> tuple[Any, float, float]:
    """What `work` returns, its wall time, and the processor time of this process and those it started."""
    before, began = os.times(), time.perf_counter()
    found = work()
    after = os.times()
    return found, time.perf_counter() - began, sum(after[:4]) - sum(before[:4])


class Bench:
    """One stretch of a recording, to be drawn in several ways."""

    def __init__(self, index: Index, run: Run, folder: Path, threads: int) -> None:
        (folder / "scratch").mkdir(exist_ok=True)
        self.index, self.run, self.folder, self.threads = index, run, folder, threads
        self.ctx = Context(folder / "scratch", FolderStore(folder / "store"), threads=threads)
        self.render = presets.load().render["vertical"].model_copy(update={"branded": False, "intro": 0, "outro": 0})
        self.start, self.end = (time_of(frame, index.rate) for frame in (run.first, run.end))
        self.sentences = spoken(self.end - self.start)
        self.family = self._fonts()
        self.layout = layout(self.start, self.end)

    def compose(self) -> int:
        return sum(1 for _ in composed(self.index, [self.run], self.layout, self.ctx.check))

    def ours(self) -> Drawn:
        """What the drawing stage does: sound of the stretch, script, one pass."""
        length = self.end - self.start
        sound = self.folder / "sound.wav"
        cut = ("-ss", f"{self.start / 1000}", "-t", f"{length / 1000}")
        ffmpeg.run(*cut, *ffmpeg.opened(self.index.path), "-vn", "-ar", "48000", sound)
        scenes = [
            one.model_copy(update={"start": one.start - self.start, "end": one.end - self.start})
            for one in self.layout.scenes
        ]
        script = self.folder / "words.ass"
        script.write_text(
            script_of(
                self.sentences, "zh", scenes,
                render=self.render, brand=lettering.brand(), family=self.family, start=0, end=length,
            ),
            "utf-8",
        )  # fmt: skip
        target = self.folder / "ours.mp4"
        drawn = draw_file(
            lambda: composed(self.index, [self.run], self.layout, self.ctx.check),
            self.run.length, self.index.rate, target,
            render=self.render, script=script, fonts=self.family.folder, overlays=(), sound=sound,
            metadata={"title": "bench"}, chapters=(), ctx=self.ctx,
        )  # fmt: skip
        gate(target, duration=length, video=True, audio=True)
        return drawn

    def peer(self) -> int:
        """A page of MoviePy, as its documentation would have it."""
        from moviepy import ColorClip, CompositeVideoClip, TextClip, VideoFileClip

        render, target = self.render, self.folder / "peer.mp4"
        clip = VideoFileClip(str(self.index.path)).subclipped(self.start / 1000, self.end / 1000)
        ground = ColorClip((render.width, render.height), color=(24, 24, 32), duration=clip.duration)
        slide = clip.resized((1080, 608)).with_position((0, 420))
        box = {"x1": TILE.x, "y1": TILE.y, "width": TILE.width, "height": TILE.height}
        speaker = clip.cropped(**box).resized((1080, 460)).with_position((0, 1040))
        captions = [
            TextClip(
                font=str(self.family.files[700]), text=one.text, font_size=64, size=(960, None), method="caption",
                color="white", stroke_color="#0B1020", stroke_width=6, text_align="center",
            ).with_start(one.start / 1000).with_end(one.end / 1000).with_position(("center", 1320))
            for one in self.sentences
        ]  # fmt: skip
        whole = CompositeVideoClip([ground, slide, speaker, *captions]).with_duration(clip.duration)
        whole.write_videofile(
            str(target), fps=float(self.index.rate), codec="libx264", preset=render.speed, audio_codec="aac",
            threads=self.threads, ffmpeg_params=["-crf", str(render.crf)], logger=None,
        )  # fmt: skip
        whole.close()
        clip.close()
        return target.stat().st_size

    def _fonts(self) -> Family:
        return fonts_for("".join(one.text for one in self.sentences), None, self.folder / "fonts")


def spoken(length: int) -> list[Sentence]:
    """Chinese sentences one after the other, with the time of each word."""
    found: list[Sentence] = []
    at = 0
    while True:
        sentence = lettering.said(lettering.ZH[len(found) % len(lettering.ZH)] + "。", "zh", at)
        if sentence.end > length:
            return found
        found.append(sentence)
        at = sentence.end + 200


def layout(start: int, end: int) -> Layout:
    """The slide above, the speaker below, who is followed with a short glide in every second scene."""
    scenes = []
    for number, begin in enumerate(range(start, end, SCENE_S * 1000)):
        views = [View(at=begin, box=TILE)]
        if number % 2:
            views.append(View(at=begin + 5000, box=TILE))
            views.append(View(at=begin + 6000, box=TILE.model_copy(update={"y": TILE.y + 20.5})))
        everything = View(at=begin, box=Box(x=0, y=0, width=1920, height=1080))
        scenes.append(
            Scene(
                start=begin,
                end=min(end, begin + SCENE_S * 1000),
                panels=(
                    Panel(shows="slide", x=0, y=420, width=1080, height=608, views=(everything,)),
                    Panel(shows="speaker", x=0, y=1040, width=1080, height=460, views=tuple(views)),
                ),
                ground="#181820",
                captions=Box(x=60, y=1300, width=960, height=180),
            )
        )
    return Layout(width=1080, height=1920, scenes=tuple(scenes))


if __name__ == "__main__":
    main()
