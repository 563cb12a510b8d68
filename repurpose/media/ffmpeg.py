"""The one door to ffmpeg: progress, cancel, stall limit, and errors that say enough.

Nothing else in the package starts a process. ffmpeg's exit code proves little (it is 0 for most truncated files), so
whoever makes a file sends it through `media/gate.py` as well.
"""

from __future__ import annotations

import functools
import os
import queue
import signal
import subprocess
import sys
import threading
import time
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import IO

from repurpose.context import Context
from repurpose.errors import Stalled, ToolError, UserError
from repurpose.media.feed import Feed, Piece

# The containers we read. A playlist (HLS, concat, DASH) is none of them: it could name any file on this machine.
FORMATS = "mov,mp4,matroska,webm,mpegts,mpeg,avi,flv,asf,wav,w64,mp3,flac,ogg,aac,image2,png_pipe,jpeg_pipe"
PROTOCOLS = "file,pipe"
KEPT = 64_000  # bytes of stderr kept, from the end
LOOK_S = 0.25  # how often cancel and the stall limit are looked at
_PR_SET_PDEATHSIG = 1  # prctl(2)
GRACE_S = 2.0  # between asking ffmpeg to stop and making it


def program() -> str:
    """The ffmpeg that is run: REPURPOSE_FFMPEG when set, else the one that comes with imageio-ffmpeg."""
    chosen = os.environ.get("REPURPOSE_FFMPEG")
    if chosen:
        if not Path(chosen).is_file():
            raise UserError(
                f"REPURPOSE_FFMPEG={chosen}: no such file. Unset it to use the ffmpeg that is installed with us."
            )
        return chosen
    return _packaged()


@functools.cache
def _packaged() -> str:
    import imageio_ffmpeg

    return str(imageio_ffmpeg.get_ffmpeg_exe())


@functools.cache
def version() -> str:
    """The version ffmpeg gives itself, such as `9.0.2-static`."""
    first = subprocess.run([program(), "-version"], capture_output=True, check=False, stdin=subprocess.DEVNULL)
    words = first.stdout.decode(errors="replace").split()
    return words[2] if len(words) > 2 else "unknown"


def opened(path: Path) -> list[str]:
    """The arguments that open `path` as an input: only containers and protocols that cannot name another file."""
    return ["-format_whitelist", FORMATS, "-protocol_whitelist", PROTOCOLS, "-i", str(path)]


def run(
    *args: str | Path,
    ctx: Context | None = None,
    duration_ms: int = 0,
    stall_s: float = 120.0,
    feed: Iterator[Piece] | None = None,
) -> str:
    """Run ffmpeg to its end and return what it said on stderr.

    `duration_ms` is the length of the output, for progress. `ctx` is asked about cancel four times a second; whatever it
    raises ends ffmpeg first. `feed` is what ffmpeg reads as `pipe:0`: it is run in a thread of its own, a piece is written
    whole before the next is asked for, and what it raises ends ffmpeg and is raised here. Raises Stalled after `stall_s`
    seconds in which neither frames, time nor size moved, and ToolError when ffmpeg fails.
    """
    command = [
        program(),
        "-hide_banner",
        "-nostdin",
        "-v",
        "error",
        "-progress",
        "pipe:1",
        "-stats_period",
        "0.25",
        "-y",
    ]
    command += [str(arg) for arg in args]
    process = _started(command, subprocess.DEVNULL if feed is None else subprocess.PIPE)
    said: deque[bytes] = deque()
    lines: queue.SimpleQueue[bytes | None] = queue.SimpleQueue()
    assert process.stdout is not None and process.stderr is not None
    readers = [
        threading.Thread(target=_keep_last, args=(process.stderr, said), daemon=True),
        threading.Thread(target=_forward, args=(process.stdout, lines), daemon=True),
    ]
    feeder = None
    if feed is not None:
        assert process.stdin is not None
        feeder = Feed(feed, process.stdin, functools.partial(lines.put, b""))
        feeder.start()
    for reader in readers:
        reader.start()
    try:
        _follow(lines, command, said, ctx, duration_ms, stall_s, feeder)
        code = process.wait()
    except BaseException:
        _end(process, feeder)
        raise
    finally:
        if feeder is not None:
            feeder.stop(GRACE_S)
        for reader in readers:
            reader.join(timeout=GRACE_S)
        process.stdout.close()
        process.stderr.close()
    if code:
        raise ToolError(command, code, _text(said)[-2000:])
    if feeder is not None and feeder.fault is not None:
        raise feeder.fault
    if ctx is not None:
        ctx.beat(1.0)
    return _text(said)


def _started(command: list[str], stdin: int) -> subprocess.Popen[bytes]:
    try:
        if sys.platform == "win32":
            return subprocess.Popen(
                command,
                stdin=stdin,
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                creationflags=subprocess.CREATE_NEW_PROCESS_GROUP,
            )
        return subprocess.Popen(
            command,
            stdin=stdin,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            start_new_session=True,  # Ctrl-C in the terminal reaches us, not ffmpeg: we end it ourselves
            preexec_fn=_bound_to_us(),
        )
    except OSError as error:
        raise UserError(
            f"{command[0]}: cannot be run as ffmpeg ({error.strerror}). Set REPURPOSE_FFMPEG to one that can."
        ) from None


def _bound_to_us() -> Callable[[], object] | None:
    """On Linux, what makes ffmpeg end when we are killed outright: it would go on for hours, writing to a file nobody wants."""
    if sys.platform != "linux":
        return None
    import ctypes

    prctl = ctypes.CDLL(None).prctl
    return functools.partial(prctl, _PR_SET_PDEATHSIG, int(signal.SIGKILL))


def _follow(
    lines: queue.SimpleQueue[bytes | None],
    command: list[str],
    said: deque[bytes],
    ctx: Context | None,
    duration_ms: int,
    stall_s: float,
    feeder: Feed | None,
) -> None:
    """Read progress until ffmpeg closes its end of the pipe, or what feeds it fails."""
    state: dict[str, str] = {}
    moved, done = time.monotonic(), 0.0
    while True:
        try:
            line = lines.get(timeout=LOOK_S)
        except queue.Empty:
            line = b""
        if line is None:
            return
        if feeder is not None and feeder.fault is not None:
            raise feeder.fault
        name, _, value = line.decode(errors="replace").strip().partition("=")
        if name in ("frame", "out_time_us", "total_size") and state.get(name) != value:
            state[name], moved = value, time.monotonic()
        if name == "out_time_us" and value.isdigit() and duration_ms:
            done = min(1.0, int(value) / 1000 / duration_ms)
        if ctx is not None and name in ("", "progress"):  # once a report, or once a look
            ctx.beat(done)
        if time.monotonic() - moved > stall_s:
            raise Stalled(command, -1, f"no progress for {stall_s:.0f} s. {_text(said)[-1000:]}")


def _end(process: subprocess.Popen[bytes], feeder: Feed | None) -> None:
    """TERM, a moment to tidy up, then KILL; the whole group where there are groups."""
    _signal(process, hard=False)
    if feeder is not None:
        feeder.stop(LOOK_S)  # it hears the signal once it does not wait for more to read
    try:
        process.wait(timeout=GRACE_S)
    except subprocess.TimeoutExpired:
        _signal(process, hard=True)
        process.wait()


def _signal(process: subprocess.Popen[bytes], *, hard: bool) -> None:
    with suppress(ProcessLookupError, PermissionError):
        if sys.platform == "win32":
            process.kill() if hard else process.terminate()
        else:
            os.killpg(process.pid, signal.SIGKILL if hard else signal.SIGTERM)


def _keep_last(pipe: IO[bytes], said: deque[bytes]) -> None:
    held = 0
    while piece := os.read(pipe.fileno(), 4096):
        said.append(piece)
        held += len(piece)
        while held > KEPT:
            held -= len(said.popleft())


def _forward(pipe: IO[bytes], lines: queue.SimpleQueue[bytes | None]) -> None:
    for line in pipe:
        lines.put(line)
    lines.put(None)


def _text(said: deque[bytes]) -> str:
    return b"".join(tuple(said)).decode(errors="replace")
