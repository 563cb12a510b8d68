"""What lies in a watched folder and when it may be taken: decided from names, sizes and times alone. Nothing is read here.

A recording dropped into the folder is one event, with what is called the same beside it (`talk.mp4`, `talk.toml`, `talk.srt`).
A folder with recordings in it is one event too: they are its parts.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import PurePosixPath

from repurpose.ingest.endings import BESIDE, MEDIA

TAKEN, DONE, FAILED, DUPLICATES = OURS = ("taken", "done", "failed", "duplicates")  # our folders in the watched one
UNFINISHED = (  # how browsers and copying programs call what has not arrived yet
    ".part", ".partial", ".filepart", ".crdownload", ".download", ".opdownload", ".tmp", ".temp", ".aria2", ".!ut", ".!qb",
    ".bc!", "~",
)  # fmt: skip
HIDDEN = (".", "~$", "@eadir")
LONGEST_S = 300.0  # a file that grew by fits and starts is waited for no longer than this
NAME_BYTES = 255  # what most file systems take


@dataclass(frozen=True)
class File:
    """A file as the folder lists it. Any difference between two looks means that somebody is still at it."""

    path: str  # from the watched folder on, with /
    size: int  # bytes
    changed: int  # mtime in ns; only compared, never held against our clock
    node: int = 0  # the file's number: a replaced file is another one

    @property
    def name(self) -> str:
        return self.path.rpartition("/")[2]


@dataclass(frozen=True)
class Drop:
    """What is taken as one event: the entry it is called by, and every file that goes with it, the recording last."""

    name: str
    files: tuple[File, ...]
    folder: bool = False
    coming: str = ""  # something that has not arrived and belongs to it: until it has, the drop is left alone


@dataclass(frozen=True)
class Known:
    """A drop over the looks at it. Times are seconds of any clock that only goes forward."""

    drop: Drop
    since: float  # the first look at which it was as it is
    seen: float  # the last
    gap: float = 0.0  # the longest it was still before it changed after all


def is_unfinished(name: str) -> bool:
    """Does the name say that the file is hidden, or has not arrived?"""
    lower = name.lower()
    return lower.startswith(HIDDEN) or lower.endswith(UNFINISHED)


def is_hidden(path: str) -> bool:
    """Is the file, or a folder on the way to it, one that people do not see?"""
    return any(part.startswith(HIDDEN) for part in path.lower().split("/"))


def is_recording(name: str) -> bool:
    """Does the name say that a recording is in it?"""
    return not is_unfinished(name) and PurePosixPath(name.lower()).suffix in MEDIA


def drops_in(files: Iterable[File]) -> list[Drop]:
    """What may be taken once it is still, of everything below a watched folder. Left out are unfinished names, empty
    recordings, our own folders, and what belongs to no recording."""
    top: dict[str, File] = {}
    folders: dict[str, list[File]] = {}
    for file in sorted(files, key=lambda file: file.path):
        first, _, rest = file.path.partition("/")
        if not rest:
            top[first] = file
        elif first not in OURS and not is_unfinished(first):
            folders.setdefault(first, []).append(file)
    beside: dict[str, list[File]] = {}
    for file in top.values():
        if PurePosixPath(file.name.lower()).suffix in BESIDE:
            beside.setdefault(PurePosixPath(file.name).stem, []).append(file)
    coming = [name for name in top if is_unfinished(name)]
    alone = [file for file in top.values() if is_recording(file.name) and file.size]
    found = [_alone(file, beside.get(PurePosixPath(file.name).stem, []), coming) for file in alone]
    found += [drop for name in folders if (drop := _folder(name, folders[name]))]
    return sorted(_each_once(found), key=lambda drop: drop.name)


def remember(known: Mapping[str, Known], drops: Iterable[Drop], now: float) -> dict[str, Known]:
    """What is known of each drop after another look; a drop that is gone is forgotten."""
    after: dict[str, Known] = {}
    for drop in drops:
        before = known.get(drop.name)
        if before is None:
            after[drop.name] = Known(drop, now, now)
        elif before.drop == drop:
            after[drop.name] = replace(before, seen=now)
        else:
            after[drop.name] = Known(drop, now, now, max(before.gap, before.seen - before.since))
    return after


def settled(known: Known, still: float) -> bool:
    """Is all of it there, and was it still for long enough: `still` seconds, or twice the longest pause it has made so far
    (up to LONGEST_S)?"""
    return not known.drop.coming and known.seen - known.since >= max(still, min(2 * known.gap, LONGEST_S))


def in_order(names: Iterable[str]) -> list[str]:
    """Names as a person counts: part 2 before part 10."""

    def counted(name: str) -> list[str | int]:
        return [int(part) if at % 2 else part for at, part in enumerate(re.split(r"(\d+)", name.lower()))]

    return sorted(names, key=lambda name: (counted(name), name))


def numbered(name: str, number: int, *, folder: bool = False) -> str:
    """talk.mp4, talk-2.mp4, talk-3.mp4; cut to what a file system takes."""
    suffix = "" if folder else PurePosixPath(name).suffix
    stem = name.removesuffix(suffix)
    return fitted(stem, suffix if number == 1 else f"-{number}{suffix}")


def free_number(names: Collection[str], there: Collection[str], *, folder: bool = False) -> int:
    """The first number with which none of `names`, nor the reason beside it, is `there` already."""
    lower, number = {name.lower() for name in there}, 1
    while any(
        wanted.lower() in lower or why_name(wanted).lower() in lower
        for wanted in (numbered(name, number, folder=folder) for name in names)
    ):
        number += 1
    return number


def why_name(name: str) -> str:
    """The file beside `name` that says why it lies there."""
    return fitted(name, ".why.txt")


def fitted(stem: str, ending: str) -> str:
    """Both together, the stem cut so that a file system takes it."""
    while len((stem + ending).encode()) > NAME_BYTES:
        stem = stem[:-1]
    return stem + ending


def _alone(recording: File, beside: Iterable[File], unfinished: Iterable[str]) -> Drop:
    coming = (name for name in unfinished if name.lstrip(".").startswith(recording.name))
    return Drop(recording.name, (*beside, recording), coming=next(coming, ""))


def _folder(name: str, files: Iterable[File]) -> Drop | None:
    seen = [file for file in files if not is_hidden(file.path)]
    parts = [file for file in seen if file.path.count("/") == 1 and is_recording(file.name)]
    coming = (file.name for file in seen if is_unfinished(file.name))
    whole = parts and all(file.size for file in parts)
    return Drop(name, tuple(seen), folder=True, coming=next(coming, "")) if whole else None


def _each_once(drops: Iterable[Drop]) -> list[Drop]:
    """The same drops, no file in two of them: what lies beside talk.mov and talk.mp4 goes with the first."""
    taken: set[str] = set()
    found = []
    for drop in drops:
        found.append(replace(drop, files=tuple(file for file in drop.files if file.path not in taken)))
        taken.update(file.path for file in drop.files)
    return found
