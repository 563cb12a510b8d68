"""Builds the sample webinar: `python -m assets.demo.make --voices FOLDER [--work FOLDER]` from the repository's root.

FOLDER holds the voices of kokoro-js (`npm pack kokoro-js@1.2.1`, unpacked: package/voices). Speech, pictures and finished
chapters are kept in the work folder, so a second run makes only what changed.
"""

from __future__ import annotations

import argparse
import hashlib
import subprocess
import tempfile
import wave
from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path
from typing import TypeVar

import imageio_ffmpeg
import numpy as np

from . import records
from .sound import RATE, Timeline, assemble
from .talk import HERE, read_talk
from .video import BEAT, Stage, encode
from .voices import Voices

OUT = HERE.parent
T = TypeVar("T")


def main() -> None:
    """Make everything in assets/demo that is made."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--voices", type=Path, required=True, help="the folder voices/ of the npm package kokoro-js")
    asked.add_argument(
        "--work", type=Path, default=Path(tempfile.gettempdir()) / "repurpose-demo", help="kept between runs"
    )
    asked.add_argument("--crf", type=int, default=33)
    asked.add_argument("--preset", default="medium")
    given = asked.parse_args()
    line = assemble(read_talk(), Voices(given.voices, given.work / "speech").say)
    print(f"{line.seconds / 60:.2f} minutes, {len(line.pictures)} pictures, {len(line.chat)} lines of chat")
    records.write(line, OUT, given.work / "pictures")
    stage = Stage(line, given.work / "pictures")
    join(chapters(stage, line, given.work, given.crf, given.preset), line, given.work, OUT / "webinar.mp4")


def chapters(stage: Stage, line: Timeline, work: Path, crf: int, preset: str) -> list[Path]:
    """One silent video a chapter, encoded unless the work folder has the same one."""
    starts = [int(at * BEAT) for at, _ in line.chapters] + [int(line.seconds * BEAT)]
    starts[0] = 0
    made = []
    for number, (first, last) in enumerate(pairwise(starts)):
        said = line.sound[int(first / BEAT * RATE) : int(last / BEAT * RATE)]
        digest = hashlib.sha256(f"{crf} {preset} {_within(line.pictures, first, last)}".encode())
        digest.update(repr(_within(line.views, first, last)).encode())
        for _, name in _within(line.pictures, first, last):
            digest.update(stage.slides[name].tobytes()[::97])
        digest.update(said.tobytes()[::97])
        target = work / f"chapter-{number}-{digest.hexdigest()[:16]}.mp4"
        if not target.exists():
            part = target.with_suffix(".part.mp4")
            encode(stage, first, last, part, crf, preset)
            part.replace(target)
        print(f"{target.name}: {(last - first) / BEAT:.0f} s, {target.stat().st_size / 1e6:.2f} MB", flush=True)
        made.append(target)
    return made


def _within(times: Sequence[tuple[float, T]], first: int, last: int) -> list[tuple[float, T]]:
    """What is on from beat first to last: what begins there, and what was on before."""
    before = [item for item in times if item[0] * BEAT <= first]
    return before[-1:] + [item for item in times if first < item[0] * BEAT < last]


def join(parts: list[Path], line: Timeline, work: Path, target: Path) -> None:
    """The chapters in one file with the sound, its index in front."""
    listed = work / "chapters.txt"
    listed.write_text("".join(f"file '{part}'\n" for part in parts), encoding="utf-8")
    sound = work / "sound.wav"
    with wave.open(str(sound), "wb") as out:
        out.setnchannels(1)
        out.setsampwidth(2)
        out.setframerate(RATE)
        out.writeframes((np.clip(line.sound, -1, 1) * 32767).astype("<i2").tobytes())
    subprocess.run(
        [imageio_ffmpeg.get_ffmpeg_exe(), "-v", "error", "-nostdin", "-y", "-f", "concat", "-safe", "0", "-i", str(listed),
         "-i", str(sound), "-map", "0:v", "-map", "1:a", "-c:v", "copy", "-c:a", "aac", "-ac", "1", "-ar", "48000", "-b:a", "38k",
         "-t", f"{int(line.seconds * BEAT) / BEAT:.3f}", "-movflags", "+faststart", "-video_track_timescale", "12800", str(target)],
        check=True,
    )  # fmt: skip
    print(f"{target}: {target.stat().st_size / 1e6:.2f} MB")


if __name__ == "__main__":
    main()
