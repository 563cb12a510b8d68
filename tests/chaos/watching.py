"""Files dropped into a watched folder in every way, half of them while the watcher is down: none partial, none missed, none twice.

    python -m tests.chaos.watching [--count 200] [--seed 1] [--whole 2]

The real `repurpose watch` is killed (-9, at times Ctrl-C) at random moments and started again. Files are written slowly, under
names of downloads, moved in, written to after a pause, in folders, and one in four is a copy of another. `--whole` of the
events are waited for until they are made; of the rest, that each content has one order is what is looked at.
"""

from __future__ import annotations

import argparse
import hashlib
import io
import os
import random
import signal
import subprocess
import sys
import tempfile
import time
import wave
from collections import Counter
from collections.abc import Iterable
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path

from repurpose.db import orders, recordings
from repurpose.db.session import open_database
from repurpose.ingest.watch import OURS, drops_in
from repurpose.ingest.watch_folder import WatchFolder

ROOT = Path(__file__).parents[2]
LOOK_S = 0.2
IDLE_S = 900.0  # nothing has happened for this long, on a machine that may be busy with something else: it hangs
A_KILL = 10  # files for each time the watcher is killed
DECOYS = {
    "half.mp4.part": b"x" * 99,
    "empty.wav": b"",
    ".hidden.wav": b"x",
    "later.mp4.crdownload": b"x",
    "notes.txt": b"x",
}
Content = tuple[str, ...]  # the digests of an event's recordings, in order


@dataclass
class Folder:
    """The watched folder, how still a file must be there, and what was dropped into it so far."""

    root: Path
    still: float
    dropped: list[tuple[str, Content]] = field(default_factory=list)
    stalled: set[str] = field(
        default_factory=set
    )  # the machine held the writer up for longer than a file is waited for

    def drop(self, number: int, seed: int, way: str) -> None:
        """Drop the content `seed` in one of the WAYS; returns when all of it is there."""
        dice, name = random.Random(number), f"直播 {number:03}.wav"
        data = sound(seed)
        path = self.root / name
        if way == "folder":
            path = self.root / f"活动 {number:03}"
            path.mkdir()
            (path / "event.toml").write_text(f'title = "活动 {number}"\n', "utf-8")
            for part, content in ((f"{number:03} 部分 1.wav", data), (f"{number:03} 部分 2.wav", data + b"\0\0")):
                self._write(path / part, content, dice, 0.3)
            self.dropped.append((path.name, (sha(data), sha(data + b"\0\0"))))
            return
        if way == "moved":
            beside = self.root.parent / f"{number}.wav"
            beside.write_bytes(data)
            beside.rename(path)
        elif way in (".part", ".crdownload", ".tmp"):
            self._write(self.root / (name + way), data, dice, 2.0)
            (self.root / (name + way)).rename(path)
        elif way == "empty first":
            path.touch()
            time.sleep(self.still * 1.5)
            path.write_bytes(data)
        elif way == "held open":
            with path.open("wb") as file:
                for piece in pieces(data):
                    file.write(piece)
                    file.flush()
                    time.sleep(dice.uniform(0, 2 * self.still))
        elif way == "with its file":
            path.with_suffix(".toml").write_text(f'title = "第 {number} 场"\nlanguage = "zh"\n', "utf-8")
            path.write_bytes(data)
        else:
            self._write(path, data, dice, 0.3)
        self.dropped.append((name, (sha(data),)))

    def _write(self, path: Path, data: bytes, dice: random.Random, longest: float) -> None:
        """In pieces, closed between them, with pauses of up to `longest` times what a file is waited for."""
        for piece in pieces(data):
            with path.open("ab") as file:
                file.write(piece)
            began = time.monotonic()
            time.sleep(dice.uniform(0, longest) * self.still)
            if longest < 1 and time.monotonic() - began > self.still * 0.9:
                self.stalled.update(path.relative_to(self.root).parts)


WAYS = (
    "slowly", "slowly", "held open", "moved", ".part", ".crdownload", ".tmp", "empty first", "with its file", "folder",
)  # fmt: skip
if sys.platform != "linux":  # only there is it known who writes
    WAYS = tuple(way for way in WAYS if way != "held open")


def sound(seed: int) -> bytes:
    """A wav of half a second of noise, another one for each seed."""
    target = io.BytesIO()
    with wave.open(target, "wb") as file:
        file.setparams((1, 2, 8000, 0, "NONE", ""))
        file.writeframes(random.Random(seed).randbytes(8000))
    return target.getvalue()


def pieces(data: bytes, count: int = 4) -> Iterable[bytes]:
    size = len(data) // count + 1
    return (data[at : at + size] for at in range(0, len(data), size))


def sha(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


@dataclass
class Watcher:
    """The real program over a folder and a home."""

    root: Path
    home: Path
    still: float

    def start(self) -> subprocess.Popen[bytes]:
        """Started, and at its first look or later."""
        env = os.environ | {
            "REPURPOSE_HOME": str(self.home), "REPURPOSE_DATABASE": self.database,
            "REPURPOSE_WATCH_STILL": str(self.still), "REPURPOSE_WATCH_LOOK": str(LOOK_S),
        }  # fmt: skip
        command = [sys.executable, "-m", "repurpose", "watch", str(self.root), "--json"]
        child = subprocess.Popen(command, cwd=ROOT, env=env, stdout=subprocess.DEVNULL)
        holder = self.root / "taken" / ".watcher"
        while not (holder.exists() and f"process {child.pid} " in holder.read_text("utf-8")):
            assert child.poll() is None, f"repurpose watch ended with {child.returncode}"
            time.sleep(0.01)
        return child

    @property
    def database(self) -> str:
        return f"sqlite:///{self.home / 'a.db'}"

    def ordered(self) -> dict[Content, list[tuple[str, str]]]:
        """(state, first file's name) of every order there is, by the content it is for."""
        if not (self.home / "a.db").exists():
            return {}
        engine = open_database(self.database)
        found: dict[Content, list[tuple[str, str]]] = {}
        for row in orders.listed(engine, limit=100_000):
            files = [one for one in recordings.of_event(engine, row.event_id) if one.kind == "recording"]
            found.setdefault(tuple(one.file.digest for one in files), []).append((row.state, files[0].name))
        engine.dispose()
        return found


def play(folder: Folder, watcher: Watcher, count: int, seed: int) -> int:
    """Drop `count` times; the watcher is killed after every A_KILL of them, and down for half of those. How often it was."""
    dice, kills = random.Random(seed), 0
    jobs: list[Future[None]] = []
    with ThreadPoolExecutor(A_KILL) as pool:

        def drop(numbers: Iterable[int]) -> None:
            for number in numbers:
                content = dice.randrange(number) if number and dice.random() < 0.25 else number
                way = dice.choice(WAYS)
                jobs.append(pool.submit(folder.drop, number, seed * 1_000_000 + content, way))

        for first in range(0, count, A_KILL):
            numbers = range(first, min(count, first + A_KILL))
            child = watcher.start()
            drop(numbers[::2])
            time.sleep(dice.uniform(0, 4 * folder.still))
            child.send_signal(signal.SIGINT if dice.random() < 0.2 else signal.SIGKILL)
            drop(numbers[1::2])
            child.wait()
            kills += 1
            time.sleep(dice.uniform(0, folder.still))
    for job in jobs:
        job.result()
    return kills


def settle(folder: Folder, watcher: Watcher, whole: int) -> None:
    """Let the watcher take the rest in peace, and make `whole` events. Raises AssertionError when it stops getting on."""
    wanted = len({content for _, content in folder.dropped})
    child, since, before = watcher.start(), time.monotonic(), ""
    try:
        while True:
            found = watcher.ordered()
            ended = sum(state == "done" for rows in found.values() for state, _ in rows)
            left = [drop.name for drop in drops_in(WatchFolder(folder.root).files())]
            if not left and len(found) >= wanted and ended >= whole and not claims_without(folder, found):
                return
            now = f"{len(found)} {ended} {left}"
            if now != before:
                since, before = time.monotonic(), now
            assert child.poll() is None, f"repurpose watch ended with {child.returncode}"
            assert time.monotonic() - since < IDLE_S, f"{len(found)} of {wanted} ordered, {ended} made, left: {left}"
            time.sleep(0.5)
    finally:
        child.send_signal(signal.SIGINT)
        assert child.wait(IDLE_S) in (0, 130)


def claims_without(folder: Folder, found: dict[Content, list[tuple[str, str]]]) -> bool:
    """Is something claimed that has not become an order or been sent on?"""
    claims = sum(path.is_dir() for path in (folder.root / "taken").iterdir())
    return claims > sum(state in ("waiting", "working") for rows in found.values() for state, _ in rows)


def faults(folder: Folder, watcher: Watcher) -> list[str]:
    """What is not as it should be once everything was taken; empty when all is well."""
    wanted, found = Counter(content for _, content in folder.dropped), watcher.ordered()
    if folder.stalled:
        print(f"not looked at, the writer was held up: {sorted(folder.stalled)}")
    fair = {content: [name for name, one in folder.dropped if one == content] for content in wanted}
    fair = {content: names for content, names in fair.items() if not folder.stalled.intersection(names)}
    wrong = [f"MISSED {names}" for content, names in fair.items() if content not in found]
    wrong += [
        f"DOUBLE {fair[content]}: {rows}" for content, rows in found.items() if len(rows) != 1 and content in fair
    ]
    other = [row for content, rows in found.items() if content not in wanted for row in rows]
    wrong += [f"PARTIAL {name}, {state}" for state, name in other if name not in folder.stalled]
    sounds = [path for path in folder.root.rglob("*.wav") if path.stat().st_size > 1]
    lying = Counter(sha(path.read_bytes()) for path in sounds if not folder.stalled.intersection(path.parts))
    dropped = Counter(one for name, content in folder.dropped if name not in folder.stalled for one in content)
    if lying != dropped:
        wrong.append(f"files were lost or altered: {dropped - lying}, {lying - dropped}")
    aside = [path for path in (folder.root / "duplicates").iterdir() if path.suffix == ".wav" or path.is_dir()]
    if not folder.stalled and len(aside) != len(folder.dropped) - len(wanted):
        wrong.append(f"{len(aside)} duplicates, not {len(folder.dropped) - len(wanted)}")
    failed = [path.name for path in (folder.root / "failed").iterdir()]
    wrong += [f"FAILED {name}" for name in failed if name.removesuffix(".why.txt") not in folder.stalled]
    for name, data in DECOYS.items():
        if (folder.root / name).read_bytes() != data:
            wrong.append(f"{name} was touched")
    left = [path.name for path in folder.root.iterdir() if path.name not in (*OURS, *DECOYS)]
    return wrong + [f"left in the folder: {name}" for name in left if name not in folder.stalled]


def watch_many(home: Path, count: int, seed: int, *, still: float = 1.0, whole: int = 0) -> list[str]:
    """The whole of it in a folder of its own; every fault found."""
    root = home / "drop"
    root.mkdir(parents=True)
    for name, data in DECOYS.items():
        (root / name).write_bytes(data)
    folder, watcher = Folder(root, still), Watcher(root, home / "home", still)
    kills = play(folder, watcher, count, seed)
    settle(folder, watcher, whole)
    found = watcher.ordered()
    states = Counter(state for rows in found.values() for state, _ in rows)
    aside = len(folder.dropped) - len({content for _, content in folder.dropped})
    print(
        f"{count} drops, {aside} of them copies, {kills} kills: {len(found)} contents ordered {dict(states)}",
        flush=True,
    )
    return faults(folder, watcher)


def main() -> int:
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    options.add_argument("--count", type=int, default=200)
    options.add_argument("--seed", type=int, default=1)
    options.add_argument("--whole", type=int, default=2)
    asked = options.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        found = watch_many(Path(folder), asked.count, asked.seed, whole=asked.whole)
    print(f"{len(found)} faults")
    print("\n".join(found))
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
