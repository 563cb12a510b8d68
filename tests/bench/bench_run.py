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

ROOT = Path(__file__).parent.parent.parent
TALK = ROOT.parent / "shared" / "media" / "zh_talk_35min.mp4"
SAMPLE = ROOT / "assets" / "demo" / "webinar.mp4"


class Watch(threading.Thread):
    """Samples the resident memory of a process and all its children, five times a second."""

    def __init__(self, pid: int) -> None:
        super().__init__(daemon=True)
        self.root = psutil.Process(pid)
        self.peak_bytes = 0
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
            self.peak_bytes = max(self.peak_bytes, total)


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


def run_once(recording: Path, folder: Path) -> tuple[dict[str, object], float, int]:
    """One run from nothing: what it reported, wall seconds, peak bytes of the tree."""
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
    return json.loads(said), time.monotonic() - began, watch.peak_bytes


def overlap(jobs: list[dict[str, object]]) -> tuple[float, float]:
    """Seconds of work in all jobs, and seconds in which at least one ran: the first is larger where jobs overlapped."""
    spans = sorted((float(str(job["started"])), float(str(job["ended"]))) for job in jobs)
    busy, until = 0.0, 0.0
    for start, end in spans:
        busy += max(0.0, end - max(start, until))
        until = max(until, end)
    return sum(end - start for start, end in spans), busy


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("recording", nargs="?", type=Path, default=TALK if TALK.exists() else SAMPLE)
    parser.add_argument("--joined", type=int, default=1, help="join the recording this many times first")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        recording = join(options.recording, options.joined, folder) if options.joined > 1 else options.recording
        report, seconds, peak = run_once(recording, folder)
        length = int(str(report["duration_ms"])) / 1000
        jobs = report["jobs"]
        assert isinstance(jobs, list)
        for job in jobs:
            print(f"  {float(job['started']):8.1f} .. {float(job['ended']):8.1f} s  {job['stage']} {job['variant']}")
        work, busy = overlap(jobs)
        print(f"{recording.name}: {length:.0f} s recorded, {seconds:.1f} s run, {seconds / length:.3f}x real time")
        print(f"overlap: {work:.1f} s of work in {busy:.1f} s; peak memory of the process tree {peak / 1e9:.2f} GB")


if __name__ == "__main__":
    main()
