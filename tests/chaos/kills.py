"""`kill -9` at random moments of a run, then a run again: the same outcome, nothing done twice that was done, nothing left over.

    python -m tests.chaos.kills [--count 20] [--seed 1] [--file clip.mp4]

Runs the real program on `--file`, or on the first 75 seconds of the sample webinar. `test_kills.py` does the same with the toy graph.
"""

from __future__ import annotations

import argparse
import os
import random
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from repurpose.db import jobs, tables
from repurpose.db import runs as run_rows
from repurpose.db.jobs import JobRow
from repurpose.db.session import open_database, reading
from repurpose.media import ffmpeg
from repurpose.presets import assets
from repurpose.store import FolderStore, blobs_in

ROOT = Path(__file__).parent.parent.parent
CLIP_S = 75
ENCODED = {"drawing", "package"}  # x264's threads share bits a little differently each time; gates look at such files
LEFT_ALONE = {"gate"}  # in scratch/ when nobody is at work: the lock that is held to arrive and to leave


@dataclass(frozen=True)
class Program:
    """What is run: a command, and the home it keeps everything in."""

    command: Sequence[str]
    home: Path

    def start(self) -> subprocess.Popen[bytes]:
        env = os.environ | {"REPURPOSE_HOME": str(self.home), "REPURPOSE_DATABASE": ""}
        return subprocess.Popen(self.command, cwd=ROOT, env=env, stdout=subprocess.DEVNULL)

    def finish(self) -> float:
        """Run to the end; how many seconds it took from the first record on. Raises AssertionError when it fails."""
        child = self.start()
        self.records(child)
        began = time.monotonic()
        code = child.wait()
        assert code == 0, f"{self.command} ended with {code}"
        return time.monotonic() - began

    def records(self, child: subprocess.Popen[bytes]) -> None:
        """Wait until there are records: what comes before is only the start of Python."""
        while not (self.home / "repurpose.db").exists() and child.poll() is None:
            time.sleep(0.005)

    def kill_after(self, seconds: float) -> bool:
        """Start it and kill it dead so long after its first record; False when it was done before."""
        child = self.start()
        self.records(child)
        try:
            child.wait(seconds)
        except subprocess.TimeoutExpired:
            child.kill()
            child.wait()
            return True
        return False

    def rows(self) -> dict[str, JobRow]:
        """Every row there is, by key."""
        if not (self.home / "repurpose.db").exists():
            return {}
        database = open_database(f"sqlite:///{self.home / 'repurpose.db'}")
        with reading(database) as connection:
            keys = list(connection.execute(tables.jobs.select()).scalars())
        found = jobs.find(database, keys)
        database.dispose()
        return found


def faults(program: Program, done_before: Mapping[str, JobRow], wanted: Mapping[str, JobRow]) -> list[str]:
    """What is not as it should be after the run that followed a kill; empty when all is well."""
    rows = program.rows()
    found = [
        f"{row.stage} {row.variant} is {row.state}" for row in rows.values() if row.state not in ("done", "skipped")
    ]
    found += [
        f"{row.stage} {row.variant} was done and was done again"
        for row in done_before.values()
        if row.state == "done" and rows[row.key] != row
    ]
    now, then = ({(row.stage, row.variant): told(row) for row in some.values()} for some in (rows, wanted))
    if now != then:
        found += [f"{stage} {variant} came out otherwise" for stage, variant in now.keys() | then.keys() if now.get((stage, variant)) != then.get((stage, variant))]  # fmt: skip
    again = sum(row.attempt for row in rows.values()) - len(rows)
    if again > sum(row.state == "running" for row in done_before.values()):
        found.append(f"{again} jobs were started again")
    return found + leftovers(program.home)


def told(row: JobRow) -> str:
    """What a job should come to every time: its output by its content; where several threads encode, that there is one."""
    return (row.output or "") if row.stage not in ENCODED else row.state


def leftovers(home: Path) -> list[str]:
    """Files that no row leads to."""
    database = open_database(f"sqlite:///{home / 'repurpose.db'}")
    store = FolderStore(home / "store")
    known = run_rows.referenced(database)
    database.dispose()
    known |= {blob.digest for digest in list(known) for blob in blobs_in(store.read(digest))}
    objects = [path for path in (home / "store").rglob("*") if path.is_file() and path.name[:64] not in known]
    scratch = [path for path in (home / "scratch").iterdir() if path.name not in LEFT_ALONE]
    strange = [
        path
        for path in home.iterdir()
        if path.name.split(".")[0] not in ("repurpose", "store", "scratch", "weights", "out")
    ]
    halves = [path for path in (home / "weights").rglob("*") if "part" in path.name or "tmp" in path.name]
    return [f"{path} was left over" for path in [*objects, *scratch, *strange, *halves]]


def kill_many(program: Program, count: int, seed: int) -> list[str]:
    """Kill `count` runs, each in a home of its own and at a moment of its own; every fault found."""
    dice, found = random.Random(seed), []
    whole = replace(program, home=program.home / "whole")
    length = retarget(program, whole.home).finish()
    wanted, killed = whole.rows(), 0
    while killed < count:
        home = program.home / f"kill{killed}"
        victim = retarget(program, home)
        moment = dice.uniform(0, length)
        if not victim.kill_after(moment):
            shutil.rmtree(home)
            length *= 0.9  # the machine is quicker than it was
            continue
        before = victim.rows()
        try:
            victim.finish()
        except AssertionError as failure:
            faulty = [str(failure)]
        else:
            faulty = faults(victim, before, wanted)
        states = [row.state for row in before.values()]
        print(f"killed after {moment:6.2f} s, {states.count('done'):3} jobs done, {states.count('running')} running: {faulty or 'ok'}", flush=True)  # fmt: skip
        found += [f"kill {killed} after {moment:.2f} s: {fault}" for fault in faulty]
        killed += 1
        if not faulty:
            shutil.rmtree(home)
    return found


def retarget(program: Program, home: Path) -> Program:
    """The same program in another home."""
    home.mkdir(parents=True, exist_ok=True)
    return Program([part.replace("HOME", str(home)) for part in program.command], home)


def clip_of(source: Path, target: Path) -> Path:
    """The first minutes of a recording, without encoding."""
    ffmpeg.run("-t", str(CLIP_S), *ffmpeg.opened(source), "-c", "copy", target)
    return target


def main() -> int:
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    options.add_argument("--count", type=int, default=20)
    options.add_argument("--seed", type=int, default=1)
    options.add_argument("--file", type=Path)
    asked = options.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        clip = asked.file or clip_of(next((assets() / "demo").glob("*.mp4")), Path(folder) / "clip.mp4")
        command = [sys.executable, "-m", "repurpose", "run", str(clip.absolute()), "--out", "HOME/out", "--quiet"]
        found = kill_many(Program(command, Path(folder)), asked.count, asked.seed)
        print(f"{asked.count} kills, {len(found)} faults")
        print("\n".join(found))
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
