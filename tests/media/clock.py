"""Media that tells the time: every frame carries its number in its pixels, every second its own sweep of tones."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction
from pathlib import Path
from typing import Any

import av
import numpy as np
from numpy.typing import NDArray

from repurpose.context import Context
from repurpose.models import Recording, VideoFacts
from repurpose.store import FolderStore

SHARED = Path(__file__).parents[3] / "shared"
WIDTH, HEIGHT = 160, 96
BITS = 16  # 4 x 4 blocks of 40 x 24 pixels, each far larger than what x264 blurs
RATE = 48_000


def paint(number: int, width: int = WIDTH, height: int = HEIGHT) -> NDArray[np.uint8]:
    """A grey picture [height, width] whose 4 x 4 blocks are the bits of `number`, black and white."""
    bits = np.array([number >> bit & 1 for bit in range(BITS)], np.uint8).reshape(4, 4)
    return np.kron(bits * 200 + 25, np.ones((height // 4, width // 4), np.uint8)).astype(np.uint8)


def read(picture: NDArray[np.uint8]) -> int:
    """The number a picture was painted with. Fails where a block is neither black nor white."""
    height, width = picture.shape
    inner = picture.reshape(4, height // 4, 4, width // 4)[:, 4:-4, :, 4:-4]
    means = inner.mean(axis=(1, 3)).ravel()
    assert (np.abs(means - 125) > 50).all(), f"a frame is damaged: {means.round()}"
    return int(sum(1 << bit for bit in range(BITS) if means[bit] > 125))


def read_clock(path: Path) -> list[int]:
    """The number of every frame the file shows, in order."""
    with av.open(str(path)) as container:
        return [read(luma(frame)) for frame in container.decode(video=0)]


def luma(frame: Any) -> NDArray[np.uint8]:
    """The grey of a frame as it is stored, without conversion."""
    plane = frame.planes[0]
    grey = np.frombuffer(plane, np.uint8).reshape(-1, plane.line_size)
    return grey[: frame.height, : frame.width]


def sweeps(seconds: float) -> NDArray[np.float32]:
    """Mono sound at 48 kHz: second s sweeps up from 300 + 37 s Hz (mod 1200) by 1500 Hz, so no two moments sound alike."""
    count = round(seconds * RATE)
    at = np.arange(count) / RATE
    second = np.floor(at)
    into = at - second
    start = 300 + (37 * second) % 1200
    return (0.2 * np.sin(2 * np.pi * (start * into + 750 * into**2))).astype(np.float32)


def make_clock(
    path: Path,
    frames: int,
    rate: Fraction = Fraction(25),
    *,
    gop: int = 48,
    bframes: int = 0,
    x264: str = "",
    sound: bool = True,
    channels: int = 1,
    codec: str = "libx264",
    pixels: str = "yuv420p",
    loudness: float = 1.0,
    sound_of: NDArray[np.float32] | None = None,
    options: dict[str, str] | None = None,
) -> Path:
    """A recording of `frames` numbered frames with sweeping sound; the container goes by the suffix.

    `x264` is more x264 parameters, `loudness` a factor on the sound, `sound_of` other sound ([n] at 48 kHz).
    """
    with av.open(str(path), "w") as output:
        video: Any = output.add_stream(codec, rate=rate)
        video.width, video.height, video.pix_fmt = WIDTH, HEIGHT, pixels
        video.time_base = video.codec_context.time_base = 1 / rate
        video.codec_context.gop_size = gop
        if codec == "libx264":
            video.options = {
                "preset": "ultrafast",
                "crf": "18",
                "bf": str(bframes),
                "x264-params": ":".join(
                    filter(None, [f"keyint={gop}:min-keyint={gop}:scenecut=0:b-adapt=0:ref=3:threads=1", x264])
                ),
                **(options or {}),
            }
        elif options:
            video.options = options
        track: Any = None
        if sound:
            track = output.add_stream("aac", rate=RATE, layout="stereo" if channels == 2 else "mono")
            track.bit_rate = 128_000
        voice = sweeps(frames / rate) if sound_of is None else sound_of
        for number in range(frames):
            frame = av.VideoFrame(WIDTH, HEIGHT, "yuv420p")
            grey = np.frombuffer(frame.planes[0], np.uint8).reshape(-1, frame.planes[0].line_size)
            grey[:HEIGHT, :WIDTH] = paint(number)
            for plane in frame.planes[1:]:
                np.frombuffer(plane, np.uint8)[:] = 128
            frame.pts, frame.time_base = number, 1 / rate
            output.mux(video.encode(frame))
            if track is not None:
                first, last = round(number / rate * RATE), round((number + 1) / rate * RATE)
                output.mux(track.encode(_sound_frame(voice[first:last] * loudness, first, channels)))
        output.mux(video.encode(None))
        if track is not None:
            output.mux(track.encode(None))
    return path


def _sound_frame(samples: NDArray[np.float32], at: int, channels: int) -> Any:
    planes = np.ascontiguousarray(np.repeat(samples[None].astype(np.float32), channels, axis=0))
    frame = av.AudioFrame.from_ndarray(planes, format="fltp", layout="stereo" if channels == 2 else "mono")
    frame.sample_rate, frame.pts, frame.time_base = RATE, at, Fraction(1, RATE)
    return frame


def context(folder: Path, threads: int = 2) -> Context:
    """A context with its store and scratch folder under `folder`."""
    scratch = folder / "scratch"
    scratch.mkdir(parents=True, exist_ok=True)
    return Context(scratch, FolderStore(folder / "store"), threads=threads)


def recording_of(path: Path, ctx: Context, *, smart_cut: bool = True) -> Recording:
    """The recording a prepared file would be, without looking closely."""
    with av.open(str(path)) as container:
        video: Any = container.streams.video[0]
        rate = video.average_rate
        duration = round((container.duration or 0) / 1000)
        facts = VideoFacts(
            codec=video.codec_context.name,
            width=video.width,
            height=video.height,
            rate_num=rate.numerator,
            rate_den=rate.denominator,
            smart_cut=smart_cut,
            why_not="" if smart_cut else "the test says so",
        )
        has_audio = bool(container.streams.audio)
    return Recording(media=ctx.store.put_file(path), duration=duration, video=facts, has_audio=has_audio)


def decode_sound(path: Path) -> NDArray[np.float32]:
    """The file's sound as players hear it from its start: mono at 48 kHz, priming samples left out."""
    blocks = []
    with av.open(str(path)) as container:
        resampler = av.AudioResampler("flt", "mono", RATE)
        first = None
        for frame in container.decode(audio=0):
            first = float(frame.pts * frame.time_base) if first is None else first
            blocks += [made.to_ndarray()[0] for made in resampler.resample(frame)]
        blocks += [made.to_ndarray()[0] for made in resampler.resample(None)]
    samples = np.concatenate(blocks)
    late = round((first or 0) * RATE)
    return samples[-late:] if late < 0 else np.concatenate([np.zeros(late, np.float32), samples])


def offsets_ms(heard: NDArray[np.float32], meant: NDArray[np.float32], at: Sequence[float]) -> Iterator[float]:
    """How late `heard` is against `meant` (ms), around each of the places 0..1 of the whole; by correlation."""
    width = min(len(meant), RATE // 2)
    for place in at:
        first = round((len(meant) - width) * place)
        part = meant[first : first + width]
        reach = RATE // 10
        padded = np.concatenate([np.zeros(reach), heard, np.zeros(reach + width)])[first : first + width + 2 * reach]
        size = 1 << int(np.ceil(np.log2(len(padded) + width)))
        cross = np.fft.irfft(np.fft.rfft(padded, size) * np.conj(np.fft.rfft(part, size)), size)[: 2 * reach]
        yield (int(np.abs(cross).argmax()) - reach) * 1000 / RATE
