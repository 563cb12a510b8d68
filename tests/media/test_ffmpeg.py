"""The door to ffmpeg: progress, errors that can be pasted, cancel and the stall limit."""

from __future__ import annotations

import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import psutil
import pytest
from numpy.typing import NDArray

from repurpose.context import Context
from repurpose.errors import Cancelled, Stalled, ToolError, UserError
from repurpose.media import ffmpeg
from repurpose.store import FolderStore

PICTURE = ("-f", "lavfi", "-i", "testsrc2=duration=1:size=160x90:rate=10")


def context(tmp_path: Path, seen: list[float], check: object = None) -> Context:
    return Context(tmp_path, FolderStore(tmp_path / "store"), seen.append, check or (lambda: None))  # type: ignore[arg-type]


def test_it_runs_and_tells_how_far_it_is(tmp_path: Path) -> None:
    seen: list[float] = []
    ffmpeg.run(*PICTURE, tmp_path / "a file.mp4", ctx=context(tmp_path, seen), duration_ms=1000)
    assert (tmp_path / "a file.mp4").stat().st_size
    assert seen[-1] == 1.0
    assert seen == sorted(seen)


def test_a_failure_says_what_was_run_and_what_was_said(tmp_path: Path) -> None:
    with pytest.raises(ToolError) as raised:
        ffmpeg.run("-i", tmp_path / "absent file.mp4", tmp_path / "out.mp4")
    assert "No such file" in raised.value.said
    assert "'" in str(raised.value)  # quoted: the command can be pasted


def test_cancel_ends_it_at_once(tmp_path: Path) -> None:
    def stop() -> None:
        raise Cancelled

    began = time.monotonic()
    with pytest.raises(Cancelled):
        ffmpeg.run(
            *("-re", "-f", "lavfi", "-i", "testsrc2=duration=60:size=160x90:rate=10", "-f", "null", "-"),
            ctx=context(tmp_path, [], stop),
        )
    assert time.monotonic() - began < 30  # of the 60 it would take


@pytest.mark.slow
@pytest.mark.skipif(sys.platform == "win32", reason="the stand-in is a shell script")
def test_one_that_stands_still_and_will_not_listen_is_killed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    stubborn = tmp_path / "ffmpeg"
    stubborn.write_text("#!/bin/sh\ntrap '' TERM\necho frame=1\necho last words >&2\nwhile :; do sleep 1; done\n")
    stubborn.chmod(0o755)
    monkeypatch.setenv("REPURPOSE_FFMPEG", str(stubborn))
    with pytest.raises(Stalled, match="no progress"):
        ffmpeg.run("x", stall_s=0.6)


def test_a_chosen_ffmpeg_that_is_not_there_is_said_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("REPURPOSE_FFMPEG", "/nowhere/ffmpeg")
    with pytest.raises(UserError, match="Unset it"):
        ffmpeg.program()


def test_a_playlist_is_not_followed(tmp_path: Path) -> None:
    secret = tmp_path / "elsewhere" / "secret.mp4"
    secret.parent.mkdir()
    ffmpeg.run(*PICTURE, secret)
    listed = tmp_path / "talk.mp4"
    listed.write_text(f"#EXTM3U\n#EXT-X-TARGETDURATION:1\n#EXTINF:1,\n{secret}\n#EXT-X-ENDLIST\n")
    with pytest.raises(ToolError):
        ffmpeg.run(*ffmpeg.opened(listed), tmp_path / "out.mp4")


FED = ("-f", "rawvideo", "-s", "64x64", "-framerate", "25", "-pixel_format", "yuv420p", "-i", "pipe:0")
PICTURE_BYTES = 64 * 64 * 3 // 2


def test_what_it_is_fed_comes_out_again(tmp_path: Path) -> None:
    def pictures() -> Iterator[NDArray[np.uint8] | bytes]:
        buffer = np.zeros(PICTURE_BYTES, np.uint8)
        for number in range(100):
            buffer[:] = number  # the same buffer again: each must be written before the next is made
            yield buffer
        yield bytes(PICTURE_BYTES)

    raw = tmp_path / "raw.yuv"
    ffmpeg.run(*FED, "-f", "rawvideo", raw, feed=pictures())
    there = np.frombuffer(raw.read_bytes(), np.uint8).reshape(-1, PICTURE_BYTES)
    assert there[:, 0].tolist() == [*range(100), 0]
    assert (there.min(axis=1) == there.max(axis=1)).all()


def test_a_feed_that_fails_ends_it_and_is_closed(tmp_path: Path) -> None:
    closed: list[bool] = []

    def pictures() -> Iterator[bytes]:
        try:
            yield from [bytes(PICTURE_BYTES)] * 30
            raise ZeroDivisionError("the 31st")
        finally:
            closed.append(True)

    began = time.monotonic()
    with pytest.raises(ZeroDivisionError, match="the 31st"):
        ffmpeg.run(*FED, tmp_path / "x.mp4", feed=pictures())
    assert time.monotonic() - began < 10
    assert closed == [True]


def test_it_may_end_before_its_feed_does(tmp_path: Path) -> None:
    closed: list[bool] = []

    def endless() -> Iterator[bytes]:
        try:
            while True:
                yield bytes(PICTURE_BYTES)
        finally:
            closed.append(True)

    with pytest.raises(ToolError, match="no_such_encoder"):
        ffmpeg.run(*FED, "-c:v", "no_such_encoder", tmp_path / "x.mp4", feed=endless())
    ffmpeg.run(*FED, "-frames:v", "5", tmp_path / "five.mp4", feed=endless())
    assert closed == [True, True]


@pytest.mark.slow
def test_cancel_ends_it_and_its_feed(tmp_path: Path) -> None:
    asked = iter(range(4))

    def check() -> None:
        if next(asked, None) is None:
            raise Cancelled

    def endless() -> Iterator[bytes]:
        while True:
            yield bytes(PICTURE_BYTES)

    before = threading.active_count()
    with pytest.raises(Cancelled):
        ffmpeg.run(*FED, "-f", "null", "-", feed=endless(), ctx=context(tmp_path, [], check))
    assert threading.active_count() == before


@pytest.mark.slow
def test_a_feed_that_stands_still_is_a_stall() -> None:
    go_on = threading.Event()

    def stuck() -> Iterator[bytes]:
        yield bytes(PICTURE_BYTES)
        go_on.wait(60)

    try:
        with pytest.raises(Stalled, match="no progress"):
            ffmpeg.run(*FED, "-f", "null", "-", feed=stuck(), stall_s=1.0)
    finally:
        go_on.set()


def test_it_says_its_version() -> None:
    assert any(sign.isdigit() for sign in ffmpeg.version())


@pytest.mark.slow
@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere nothing tells it")
def test_it_ends_with_us_when_we_are_killed() -> None:
    endless = ("-re", "-f", "lavfi", "-i", "testsrc2=duration=600:size=160x90:rate=10", "-f", "null", "-")
    ours = psutil.Popen([sys.executable, "-c", f"from repurpose.media import ffmpeg; ffmpeg.run(*{endless})"])
    deadline = time.monotonic() + 30
    while not (children := ours.children()) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert children
    ours.kill()
    ours.wait()
    gone, alive = psutil.wait_procs(children, timeout=30)
    assert gone
    assert not alive
