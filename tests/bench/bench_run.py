"""The whole run of one recording: wall time against real time, which jobs overlapped, and the memory of the process tree.

python -m tests.bench.bench_run                          # the sample, or the 35-minute talk where it is
python -m tests.bench.bench_run talk.mp4 --joined 4      # the same talk four times over: is memory flat?
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

import psutil

from tests.bench.bench_slides import trimmed
from tests.whole import ends_ms, faults

ROOT = Path(__file__).parent.parent.parent
TALK = ROOT.parent / "shared" / "media" / "zh_talk_35min.mp4"
SAMPLE = ROOT / "assets" / "demo" / "webinar.mp4"


class Watch(threading.Thread):
    """Samples the resident memory of a process and all its children, five times a second."""

    def __init__(self, pid: int) -> None:
        super().__init__(daemon=True)
        self.root = psutil.Process(pid)
        self.seen: list[tuple[float, int]] = []  # seconds since 1970, bytes
        self.ended = threading.Event()

    def run(self) -> None:
        while not self.ended.wait(0.2):
            try:
                tree = [self.root, *self.root.children(recursive=True)]
            except psutil.NoSuchProcess:
                return
            total = 0
            for process in tree:
                try:
                    total += process.memory_info().rss
                except psutil.NoSuchProcess:
                    continue
            self.seen.append((time.time(), total))

    def most(self, start: float, end: float) -> int:
        """The most bytes between two times, in seconds since 1970; 0 where it never looked."""
        return max((total for at, total in self.seen if start <= at <= end), default=0)


def join(recording: Path, times: int, folder: Path) -> Path:
    """The recording `times` over, copied end to end."""
    import imageio_ffmpeg

    listing = folder / "parts.txt"
    listing.write_text("".join(f"file '{recording.resolve()}'\n" for _ in range(times)))
    joined = folder / f"{recording.stem}_x{times}{recording.suffix}"
    command = [
        imageio_ffmpeg.get_ffmpeg_exe(),
        "-v",
        "error",
        "-f",
        "concat",
        "-safe",
        "0",
        "-i",
        str(listing),
        "-c",
        "copy",
    ]
    subprocess.run([*command, str(joined)], check=True)
    return joined


def run_once(recording: Path, folder: Path) -> tuple[dict[str, object], float, Watch]:
    """One run from nothing: what it reported, wall seconds, what its memory came to."""
    environment = {**os.environ, "REPURPOSE_HOME": str(folder / "home")}
    command = [sys.executable, "-m", "repurpose", "run", str(recording), "--out", str(folder / "out"), "--json"]
    began = time.monotonic()
    with subprocess.Popen(command, stdout=subprocess.PIPE, env=environment, text=True) as process:
        watch = Watch(process.pid)
        watch.start()
        said, _ = process.communicate()
        watch.ended.set()
    if process.returncode:
        raise SystemExit(f"the run ended with {process.returncode}")
    return json.loads(said), time.monotonic() - began, watch


def timeline(home: Path, name: str) -> tuple[list[tuple[str, float, float]], float]:
    """What ran when: job, start and end in seconds since the first one began; and when that was, in seconds since 1970."""
    from repurpose.pipeline.run import Run
    from repurpose.pipeline.workplace import Workplace
    from repurpose.settings import settings_from

    with Workplace(settings_from({"REPURPOSE_HOME": str(home)})) as place:
        run = Run.named(place, name)
        assert run is not None, f"no run of {name}"
        rows = [(str(job), row.started, row.ended or row.started) for job, row in run.rows().items()]
    first = min(started for _, started, _ in rows)
    spans = ((job, (start - first) / 1000, (end - first) / 1000) for job, start, end in rows)
    return sorted(spans, key=lambda row: row[1]), first / 1000


def overlap(rows: list[tuple[str, float, float]]) -> tuple[float, float]:
    """Seconds of work in all jobs, and seconds in which at least one ran: the first is larger where jobs overlapped."""
    busy, until = 0.0, 0.0
    for _, start, end in rows:
        busy += max(0.0, end - max(start, until))
        until = max(until, end)
    return sum(end - start for _, start, end in rows), busy


def main() -> None:
    """Run once, then say what was measured and every fault of the package."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("recording", nargs="?", type=Path, default=TALK if TALK.exists() else SAMPLE)
    parser.add_argument("--joined", type=int, default=1, help="join the recording this many times first")
    parser.add_argument("--minutes", type=float, default=0, help="only the beginning of the recording")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        recording = trimmed(options.recording, options.minutes, folder) if options.minutes else options.recording
        recording = join(recording, options.joined, folder) if options.joined > 1 else recording
        report, seconds, memory = run_once(recording, folder)
        out = Path(str(report["folder"]))
        length = json.loads((out / "package.json").read_text("utf-8"))["recording"]["duration_ms"] / 1000
        rows, first = timeline(folder / "home", str(report["name"]))
        for job, start, end in rows:
            print(f"  {start:7.1f} .. {end:7.1f} s  {memory.most(first + start, first + end) / 1e6:5.0f} MB  {job}")
        work, busy = overlap(rows)
        for path in sorted(out.glob("cuts/*.mp4")):
            ends = ends_ms(path)
            print(
                f"  {path.name:<28} picture {ends['video'] / 1000:9.3f} s, sound {ends.get('audio', 0) / 1000:9.3f} s"
            )
        print(f"{recording.name}: {length:.0f} s recorded, {seconds:.1f} s run, {seconds / length:.3f}x real time")
        print(f"overlap: {work:.1f} s of work in {busy:.1f} s")
        at, peak = max(memory.seen, key=lambda sample: sample[1])
        beside = ", ".join(job for job, start, end in rows if start <= at - first <= end)
        print(f"peak memory of the process tree {peak / 1e9:.2f} GB, at {at - first:.1f} s ({beside})")
        found = faults(out)
        print("\n".join(found) or "every file, length, edge and nesting is as it should be")
    sys.exit(bool(found))


if __name__ == "__main__":
    main()
