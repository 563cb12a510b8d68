"""The sound of the whole talk and the times of everything in it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from .talk import Chapter, Chat, Cue, Line, Picture, Sound, View

RATE = 24_000
Samples = NDArray[np.float32]
SPOKEN_RMS = 0.085  # about -21 dBFS while someone speaks: near -18 LUFS over the whole


@dataclass
class Timeline:
    """What happens when, in seconds; `sound` is mono at RATE."""

    sound: Samples = field(default_factory=lambda: np.zeros(0, np.float32))
    chapters: list[tuple[float, Chapter]] = field(default_factory=list)
    pictures: list[tuple[float, str]] = field(default_factory=list)
    views: list[tuple[float, View]] = field(default_factory=list)
    lines: list[tuple[float, float, Line]] = field(default_factory=list)
    chat: list[tuple[float, Chat]] = field(default_factory=list)

    @property
    def seconds(self) -> float:
        """How long the talk is."""
        return len(self.sound) / RATE


def applause(seconds: float, rng: np.random.Generator) -> Samples:
    """A room clapping: thousands of short resonant noise bursts that start together and thin out."""
    length = int(seconds * RATE)
    out = np.zeros(length + RATE // 10, np.float32)
    people = [(rng.uniform(3.2, 5.2), rng.uniform(900, 2600), rng.uniform(0.25, 1.0)) for _ in range(46)]
    for pace, tone, loud in people:
        at = rng.uniform(0, 0.5)
        until = seconds * rng.uniform(0.55, 1.0)
        while at < until:
            n = int(RATE * 0.03)
            t = np.arange(n) / RATE
            clap = rng.standard_normal(n) * np.exp(-t * 260) * 0.6 + np.sin(
                2 * np.pi * tone * t + rng.uniform(0, 6)
            ) * np.exp(-t * 170)
            fade = min(1.0, (until - at) / 0.8) * loud
            start = int(at * RATE)
            out[start : start + n] += (clap * fade * rng.uniform(0.6, 1.0)).astype(np.float32)[: len(out) - start]
            at += rng.normal(1 / pace, 0.02)
    return _level(out[:length], 0.05)


def laughter(seconds: float, rng: np.random.Generator) -> Samples:
    """Some people laughing: breathy vowel bursts, four or five a second, falling in pitch and strength."""
    length = int(seconds * RATE)
    out = np.zeros(length + RATE, np.float32)
    for _ in range(7):
        pitch, at = rng.uniform(150, 330), rng.uniform(0, seconds * 0.3)
        loud, beat = rng.uniform(0.3, 1.0), rng.uniform(0.17, 0.24)
        formants = [(rng.uniform(650, 900), 90), (rng.uniform(1150, 1500), 120), (2600, 180)]
        while at < seconds - 0.2:
            n = int(RATE * beat * 0.62)
            t = np.arange(n) / RATE
            glide = pitch * (1 - 0.12 * t / t[-1])
            source = np.sign(np.sin(2 * np.pi * np.cumsum(glide) / RATE)) * 0.3 + rng.standard_normal(n) * 0.5
            voice = sum(_resonate(source, hz, width) for hz, width in formants)
            shape = np.sin(np.pi * np.minimum(1, t / t[-1])) ** 0.7
            start = int(at * RATE)
            out[start : start + n] += (voice * shape * loud).astype(np.float32)
            at, loud, pitch = at + beat, loud * 0.86, pitch * 0.985
    return _level(out[:length], 0.035)


def _resonate(source: NDArray[np.float64], hz: float, width: float) -> NDArray[np.float64]:
    """One formant: a two-pole resonator, done in frequency since scipy is no part of this project."""
    size = len(source) * 2
    w = np.exp(-2j * np.pi * np.fft.rfftfreq(size))
    r, angle = np.exp(-np.pi * width / RATE), 2 * np.pi * hz / RATE
    answer = (1 - r) / (1 - 2 * r * np.cos(angle) * w + r * r * w * w)
    return np.fft.irfft(np.fft.rfft(source, size) * answer, size)[: len(source)]


def _level(sound: Samples, rms: float) -> Samples:
    now = float(np.sqrt(np.mean(sound**2))) or 1.0
    made: Samples = np.tanh(sound * (rms / now)).astype(np.float32)
    return made


def _speech_level(sound: Samples) -> Samples:
    blocks = sound[: len(sound) // 480 * 480].reshape(-1, 480)
    energy = np.mean(blocks**2, axis=1)
    loud = energy[energy > energy.max() * 0.01]
    gain = SPOKEN_RMS / float(np.sqrt(loud.mean()))
    made: Samples = np.clip(sound * min(gain, 4.0), -0.89, 0.89).astype(np.float32)
    return made


def assemble(cues: Sequence[Cue], say: Callable[[str, str], Samples]) -> Timeline:
    """Play the cues one after another; pauses vary a little, longer after a paragraph and between chapters."""
    rng = np.random.default_rng(15)
    line = Timeline()
    parts: list[Samples] = []
    at = 0

    def add(sound: Samples) -> None:
        nonlocal at
        parts.append(sound)
        at += len(sound)

    def rest(seconds: float) -> None:
        add(np.zeros(int(seconds * RATE), np.float32))

    for cue in cues:
        now = at / RATE
        if isinstance(cue, Chapter):
            if at:
                rest(rng.uniform(1.0, 1.4))
            line.chapters.append((at / RATE, cue))
        elif isinstance(cue, Picture):
            line.pictures.append((max(0.0, now - 0.3), cue.name))
        elif isinstance(cue, View):
            line.views.append((max(0.0, now - 0.3), cue))
        elif isinstance(cue, Chat):
            line.chat.append((now + rng.uniform(0.2, 1.8), cue))
        elif isinstance(cue, Line):
            said = _speech_level(say(cue.who, cue.text))
            line.lines.append((now, now + len(said) / RATE, cue))
            add(said)
            rest(rng.uniform(1.15, 1.75) if cue.last else rng.uniform(0.5, 0.88))
        elif isinstance(cue, Sound):
            add({"pause": _hush, "applause": applause, "laugh": laughter}[cue.kind](cue.seconds, rng))
            rest(0.25 if cue.kind != "pause" else 0.0)
    whole = np.concatenate(parts)
    room = rng.standard_normal(len(whole)).astype(np.float32) * 0.0006  # a live room is never digital silence
    line.sound = np.clip(whole + room, -0.95, 0.95)
    return line


def _hush(seconds: float, rng: np.random.Generator) -> Samples:
    return np.zeros(int(seconds * RATE), np.float32)
