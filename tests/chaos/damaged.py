"""Damaged copies of good recordings: none may hang us, crash us, or come out short without a word.

python -m tests.chaos.damaged --count 200          # exits 1 and lists them when any does
"""

from __future__ import annotations

import argparse
import collections
import json
import os
import queue
import random
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO

LIMIT_S = 300.0  # for one file; a good one takes a second or two on a machine that is not busy
READY_S = 600.0  # for the process to start, on a machine that is busy with something else
ROOT = Path(__file__).parents[2]


@dataclass(frozen=True)
class Damaged:
    """A copy, and what was done to it. `short` says that the copy holds less than the original promised."""

    path: Path
    kind: str
    duration_ms: int  # of the original; 0 when nothing usable can be in it


def truncated(data: bytes, dice: random.Random) -> bytes:
    return data[: int(len(data) * dice.uniform(0.01, 0.99))]


def flipped(data: bytes, dice: random.Random) -> bytes:
    spoiled = bytearray(data)
    head_only = dice.random() < 0.3  # the index lies at one end of most files
    for _ in range(dice.choice((1, 10, 100, 1000))):
        at = dice.randrange(min(len(data), 4096) if head_only else len(data))
        spoiled[at] ^= 1 << dice.randrange(8)
    return bytes(spoiled)


def holed(data: bytes, dice: random.Random) -> bytes:
    """Zeros where a download was interrupted and went on."""
    start = dice.randrange(len(data))
    size = dice.randrange(1, max(2, len(data) // 5))
    return data[:start] + bytes(min(size, len(data) - start)) + data[start + size :]


def ten_hours(data: bytes, dice: random.Random) -> bytes:
    """The same file with every length in its mp4 headers set to ten hours."""
    spoiled = bytearray(data)
    for box, scale_at, length_at in ((b"mvhd", 12, 16), (b"mdhd", 12, 16)):
        at = data.find(box)
        while at >= 0:
            body = at + 4
            scale = int.from_bytes(data[body + scale_at : body + scale_at + 4], "big")
            spoiled[body + length_at : body + length_at + 4] = min(scale * 36_000, 0xFFFFFFFF).to_bytes(4, "big")
            at = data.find(box, at + 4)
    at = data.find(b"tkhd")
    movie = data.find(b"mvhd")
    scale = int.from_bytes(data[movie + 16 : movie + 20], "big")
    while at >= 0:
        spoiled[at + 24 : at + 28] = min(scale * 36_000, 0xFFFFFFFF).to_bytes(4, "big")
        at = data.find(b"tkhd", at + 4)
    at = data.find(b"elst")
    while at >= 0:
        spoiled[at + 12 : at + 16] = min(scale * 36_000, 0xFFFFFFFF).to_bytes(4, "big")
        at = data.find(b"elst", at + 4)
    return bytes(spoiled)


SPOILS: dict[str, Callable[[bytes, random.Random], bytes]] = {
    "truncated": truncated,
    "flipped": flipped,
    "holed": holed,
}
FIXED = {
    "empty.mp4": b"",
    "text.mp4": b"Minutes of the meeting\n\n1. We met.\n2. We parted.\n" * 200,
    "playlist.mp4": b"#EXTM3U\n#EXT-X-TARGETDURATION:10\n#EXTINF:10,\n/etc/passwd\n#EXT-X-ENDLIST\n",
    "playlist-bom.mp4": b"\xef\xbb\xbf#EXTM3U\n#EXTINF:10,\nsecret.ts\n",
    "concat.mp4": b"ffconcat version 1.0\nfile /etc/passwd\n",
    "dash.mp4": b"<?xml version='1.0'?><MPD xmlns='urn:mpeg:dash:schema:mpd:2011'></MPD>",
    "zeros.mp4": bytes(100_000),
    "page.html.mp4": b"<!DOCTYPE html><html><body>404 not found</body></html>",
    "archive.mp4": b"PK\x03\x04" + bytes(range(256)) * 40,
    "picture.mp4": b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 4,
    "nostreams.mp4": b"\x00\x00\x00\x18ftypisom\x00\x00\x02\x00isommp41\x00\x00\x00\x08free\x00\x00\x00\x08mdat"
    b"\x00\x00\x00\x74moov\x00\x00\x00\x6cmvhd"
    + bytes(12)
    + b"\x00\x00\x03\xe8\x00\x00\x27\x10\x00\x01\x00\x00\x01\x00"
    + bytes(78),
}


def spoil(originals: Sequence[tuple[Path, int]], folder: Path, count: int, seed: int = 7) -> Iterator[Damaged]:
    """`count` damaged copies in `folder`: the fixed ones first, then drawn by lot. `originals`: (file, its ms)."""
    dice = random.Random(seed)
    made = 0
    for name, data in FIXED.items():
        (folder / name).write_bytes(data)
        yield Damaged(folder / name, "fixed", 0)
        made += 1
    (folder / "folder.mp4").mkdir()
    yield Damaged(folder / "folder.mp4", "fixed", 0)
    yield Damaged(folder / "absent.mp4", "fixed", 0)
    shut = folder / "unreadable.mp4"
    shut.write_bytes(originals[0][0].read_bytes())
    if os.geteuid() != 0:  # root reads everything
        shut.chmod(0)
        yield Damaged(shut, "fixed", 0)
        made += 1
    for path, duration in originals:
        if path.suffix in (".mp4", ".mov"):
            target = folder / f"ten-hours-{path.name}"
            target.write_bytes(ten_hours(path.read_bytes(), dice))
            yield Damaged(target, "ten hours", duration)
            made += 1
    for number in range(max(0, count - made - 2)):
        path, duration = originals[number % len(originals)]
        kind = dice.choice(("truncated", "truncated", "flipped", "flipped", "holed"))
        target = folder / f"{number:03}-{kind}-{path.name}"
        target.write_bytes(SPOILS[kind](path.read_bytes(), dice))
        yield Damaged(target, kind, duration)


def verdict(item: Damaged, outcome: dict[str, object]) -> str:
    """What is wrong with how a damaged file was treated; "" when nothing is."""
    name = item.path.name
    if "refused" in outcome:
        said = str(outcome["refused"])
        if name not in said:
            return f"the message does not name the file: {said}"
        if "\n" in said or said.count(". ") + said.endswith(".") < 2:
            return f"the message is not one line with a cure: {said}"
        return ""
    if "duration" not in outcome:
        return f"neither refused nor made: {outcome}"
    if item.duration_ms == 0:
        return f"taken for a recording: {outcome}"
    lost = item.duration_ms - int(str(outcome["duration"]))
    if abs(lost) > max(500, item.duration_ms * 0.005) and "could not be read" not in str(outcome["notes"]):
        return f"{lost} ms are missing and nothing is said: {outcome}"
    return ""


def judge(items: Sequence[Damaged], limit_s: float = LIMIT_S) -> Iterator[tuple[Damaged, dict[str, object], str]]:
    """Each item, its outcome and what is wrong with that ("" for nothing), worked on in a process of its own that may die."""
    left = list(items)
    while left:
        worker = subprocess.Popen(
            [sys.executable, "-m", "tests.chaos.damaged", "--work"],
            cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        )  # fmt: skip
        assert worker.stdin is not None
        assert worker.stdout is not None
        assert worker.stderr is not None
        lines: queue.SimpleQueue[str] = queue.SimpleQueue()
        errors: collections.deque[str] = collections.deque(maxlen=30)
        threads = [
            threading.Thread(target=_forward, args=(worker.stdout, lines)),
            threading.Thread(target=errors.extend, args=(worker.stderr,)),
        ]
        for thread in threads:
            thread.start()
        assert lines.get(timeout=READY_S), f"the worker does not start: {' | '.join(errors)}"
        while left:
            item = left.pop(0)
            worker.stdin.write(f"{item.path}\n")
            worker.stdin.flush()
            try:
                line = lines.get(timeout=limit_s)
            except queue.Empty:
                worker.kill()
                yield item, {}, f"no answer within {limit_s:.0f} s"
                break
            if not line:
                yield item, {}, f"the process died with {worker.wait()}: {' | '.join(list(errors)[-6:])}"
                break
            outcome = json.loads(line)
            yield item, outcome, verdict(item, outcome)
        worker.stdin.close()
        worker.wait()
        for thread in threads:
            thread.join()
        worker.stdout.close()
        worker.stderr.close()


def _forward(pipe: IO[str], lines: queue.SimpleQueue[str]) -> None:
    for line in pipe:
        lines.put(line)
    lines.put("")


def work() -> None:
    """Read paths from stdin; for each, take it in, prepare it and listen, and print what came of it as JSON."""
    from repurpose.context import Context
    from repurpose.errors import RepurposeError, UserError
    from repurpose.ingest.intake import take_in
    from repurpose.ingest.prepare import prepare
    from repurpose.ingest.sound import listen
    from repurpose.store import FolderStore

    print("ready", flush=True)
    for line in sys.stdin:
        path = Path(line.rstrip("\n"))
        with tempfile.TemporaryDirectory() as folder:
            store = FolderStore(Path(folder) / "store")
            context = Context(Path(folder), store)
            began = time.monotonic()
            try:
                recording = prepare(take_in([path], store, None, None).source, context)
                sound = listen(recording, context)
                outcome: dict[str, object] = {
                    "duration": recording.duration, "notes": recording.prepared, "heard": len(sound.loudness) * 100,
                }  # fmt: skip
            except UserError as error:
                outcome = {"refused": str(error)}
            except RepurposeError as error:
                outcome = {"failed": f"{type(error).__name__}: {error}"}
            outcome["seconds"] = round(time.monotonic() - began, 2)
            print(json.dumps(outcome), flush=True)


def originals() -> list[tuple[Path, int]]:
    """Short recordings of every kind from the shared folder."""
    media = ROOT.parent / "shared" / "media"
    return [
        (media / "autocut_test001.mp4", 10_260), (media / "autocut_test002.mov", 10_260),
        (media / "autocut_test003.mkv", 10_260), (media / "autocut_test004.flv", 10_260),
        (media / "autoeditor_example_en_720p.mp4", 42_400), (media / "en_jfk_11s.flac", 11_000),
        (media / "en_azure_katiesteve_2spk_30s.wav", 29_500), (media / "multilingual_60s.mp3", 60_000),
        (media / "columbia_bush_speech_en_199s.wma", 198_700), (media / "zh_azure_continuous_53s.wav", 52_725),
    ]  # fmt: skip


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--count", type=int, default=200)
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--work", action="store_true", help=argparse.SUPPRESS)
    wishes = parser.parse_args()
    if wishes.work:
        work()
        return 0
    tally: collections.Counter[tuple[str, str]] = collections.Counter()
    with tempfile.TemporaryDirectory() as folder:
        items = list(spoil(originals(), Path(folder), wishes.count, wishes.seed))
        for item, outcome, wrong in judge(items):
            said = "could not be read" in str(outcome.get("notes"))
            result = "WRONG" if wrong else "refused" if "refused" in outcome else "used, loss said" if said else "used"
            tally[item.kind, result] += 1
            why = wrong or outcome.get("refused") or outcome.get("notes")
            print(f"{result:16} {outcome.get('seconds', 0):6}s  {item.path.name}: {why}", flush=True)
    for (kind, result), many in sorted(tally.items()):
        print(f"{kind:10} {result:16} {many}")
    return 1 if any(result == "WRONG" for _, result in tally) else 0


if __name__ == "__main__":
    sys.exit(main())
