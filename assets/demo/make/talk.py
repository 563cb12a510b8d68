"""The talk as data: what is said, shown and done, in order, read from talk.txt."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

HERE = Path(__file__).parent
NAMES = {"林": "林溪", "周": "周远", "许": "许知然"}


@dataclass(frozen=True)
class Chapter:
    """A new part of the talk."""

    key: str
    title: str
    who: str


@dataclass(frozen=True)
class Picture:
    """From here on this slide is shown."""

    name: str


@dataclass(frozen=True)
class View:
    """From here on the people are shown so: full, tile, or two (with who)."""

    kind: str
    people: str


@dataclass(frozen=True)
class Sound:
    """A pause, applause or laughter of this many seconds."""

    kind: str
    seconds: float


@dataclass(frozen=True)
class Line:
    """One sentence by one speaker; `last` closes a paragraph."""

    who: str
    text: str
    last: bool


@dataclass(frozen=True)
class Chat:
    """A line of the live chat at this moment."""

    who: str
    kind: str
    text: str


Cue = Chapter | Picture | View | Sound | Line | Chat


def sentences(text: str) -> list[str]:
    """The sentences of a paragraph; one under six characters goes with its neighbour, for a voice needs a run-up."""
    found: list[str] = []
    for piece in re.findall(r"[^。？！]+[。？！]?", text):
        if found and (len(found[-1]) < 7 or len(piece) < 6):
            found[-1] += piece
        else:
            found.append(piece)
    return found


def read_talk(path: Path = HERE / "talk.txt") -> list[Cue]:
    """The cues of the talk in the order they happen; ValueError names a line that is none."""
    cues: list[Cue] = []
    for number, raw in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        line = raw.strip()
        if not line or line.startswith("#"):
            continue
        if line.startswith("== "):
            cues.append(Chapter(*(part.strip() for part in line[3:].split("|"))))
        elif line.startswith("> "):
            cues.append(Chat(*(part.strip() for part in line[2:].split("|", 2))))
        elif found := re.fullmatch(r"\[(\w+) (.+)\]", line):
            cues.append(_stage(found[1], found[2]))
        elif found := re.fullmatch(r"([林周许]): (.+)", line):
            parts = sentences(found[2])
            cues += [Line(found[1], part, index == len(parts) - 1) for index, part in enumerate(parts)]
        else:
            raise ValueError(f"{path.name}:{number}: not a line of the talk: {line!r}")
    return cues


def _stage(kind: str, value: str) -> Cue:
    if kind == "slide":
        return Picture(value)
    if kind == "view":
        view, _, people = value.partition(" ")
        return View(view, people.replace(" ", ""))
    return Sound(kind, float(value))
