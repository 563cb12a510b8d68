"""Pages beside PySceneDetect's default, in the same run: wall and processor seconds, their ratio, and F1 where pages are known.

python -m tests.bench.bench_slides                       # the 19-minute talk where it is, else the sample
python -m tests.bench.bench_slides talk.mp4 --minutes 5 --read
"""

from __future__ import annotations

import argparse
import json
import resource
import subprocess
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from repurpose.context import Context
from repurpose.media.open import open_media, picture_of
from repurpose.models import Recording, Shots, VideoFacts
from repurpose.presets import SlidesPreset
from repurpose.store import FolderStore

ROOT = Path(__file__).parent.parent.parent
TALK = ROOT.parent / "shared" / "media" / "en_talk_19min.mp4"
SAMPLE = ROOT / "assets" / "demo" / "webinar.mp4"
NEAR_MS = 1000
T = TypeVar("T")


def trimmed(recording: Path, minutes: float, folder: Path) -> Path:
    """The first minutes of it, copied."""
    import imageio_ffmpeg

    short = folder / recording.name
    command = [imageio_ffmpeg.get_ffmpeg_exe(), "-v", "error", "-i", str(recording), "-t", str(60 * minutes)]
    subprocess.run([*command, "-c", "copy", str(short)], check=True)
    return short


def taken_in(path: Path, folder: Path) -> tuple[Recording, Context]:
    """The file as a recording, in a store of its own."""
    store = FolderStore(folder / "store")
    with open_media(path) as container:
        stream = picture_of(container)
        assert stream is not None, f"{path} has no picture"
        rate = stream.average_rate
        facts = VideoFacts(
            codec=stream.codec_context.name,
            width=stream.width,
            height=stream.height,
            rate_num=rate.numerator,
            rate_den=rate.denominator,
            smart_cut=False,
        )
        assert stream.duration is not None
        duration = round(stream.duration * stream.time_base * 1000)
    recording = Recording(media=store.put_file(path), duration=duration, video=facts, has_audio=False)
    return recording, Context(scratch=folder, store=store)


def f1(found: list[int], known: list[int]) -> tuple[float, int]:
    """F1 of boundaries within a second (each counts once), and the largest distance of those, in ms."""
    pairs = sorted((abs(a - b), a, b) for a in found for b in known if abs(a - b) <= NEAR_MS)
    used_found: set[int] = set()
    used_known: set[int] = set()
    worst = 0
    for distance, a, b in pairs:
        if a not in used_found and b not in used_known:
            used_found.add(a)
            used_known.add(b)
            worst = max(worst, distance)
    total = len(found) + len(known)
    return (2 * len(used_found) / total if total else 1.0), worst


def timed(work: Callable[[], T]) -> tuple[T, float, float]:
    """What came out, wall seconds, processor seconds."""
    wall, busy = time.perf_counter(), time.process_time()
    result = work()
    return result, time.perf_counter() - wall, time.process_time() - busy


def said(name: str, found: list[int], wall: float, busy: float, known: list[int]) -> None:
    score, worst = f1(found, known)
    judged = f", F1 {score:.3f} at 1 s (worst hit {worst} ms)" if known else ""
    print(f"{name:<34} {len(found):4d} boundaries in {wall:7.2f} s ({busy:7.2f} s of processor){judged}")


def main() -> None:
    """Both on the same file, one after the other."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("recording", nargs="?", type=Path, default=TALK if TALK.exists() else SAMPLE)
    parser.add_argument("--minutes", type=float, default=0, help="only the beginning of the recording")
    parser.add_argument("--read", action="store_true", help="read the pages as well")
    options = parser.parse_args()
    from scenedetect import ContentDetector, detect

    from repurpose.slides.pages import read_pages
    from repurpose.slides.shots import find_shots

    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        path = trimmed(options.recording, options.minutes, folder) if options.minutes else options.recording
        recording, ctx = taken_in(path, folder)
        pages = options.recording.with_suffix(".slides.json")
        known = [row[0] for row in json.loads(pages.read_text("utf-8"))][1:] if pages.exists() else []
        known = [at for at in known if at < recording.duration]

        def ours() -> Shots:
            return find_shots(recording, SlidesPreset(), ctx)

        shots, wall, busy = timed(ours)
        said("find_shots", [shot.start for shot in shots.spans[1:]], wall, busy, known)
        scenes, their_wall, their_busy = timed(lambda: detect(str(path), ContentDetector()))
        found = [round(start.seconds * 1000) for start, _ in scenes[1:]]
        said("PySceneDetect detect-content", found, their_wall, their_busy, known)
        print(f"ratio: {their_wall / wall:.1f}x in wall seconds, {their_busy / busy:.1f}x in processor seconds")
        if options.read:
            slides, wall, busy = timed(lambda: read_pages(recording, shots, SlidesPreset(), ctx))
            peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
            print(
                f"read_pages: {len(slides.pages)} pages in {wall:.1f} s ({busy:.1f} s of processor), peak {peak:.0f} MB"
            )
            for page in slides.pages:
                print(f"  {page.start / 1000:8.2f} .. {page.end / 1000:8.2f}  {page.title}")


if __name__ == "__main__":
    main()
