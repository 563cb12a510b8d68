"""Is a package folder true to its word? Every fault found, measured on the files themselves."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any

import av

from repurpose import presets

SKEW_MS = 100  # how far apart the ends of picture and sound may lie
FRAME_MS = 45  # an edge may move to the next frame of a 24 fps recording


def ends_ms(path: Path) -> dict[str, float]:
    """Where each stream of a file ends: `video` and `audio`, in milliseconds, from its packets."""
    found: dict[str, float] = {}
    with av.open(str(path)) as container:
        for packet in container.demux():
            if packet.pts is not None and packet.stream.type in ("video", "audio"):
                end = float((packet.pts + (packet.duration or 0)) * packet.time_base) * 1000
                found[packet.stream.type] = max(end, found.get(packet.stream.type, 0.0))
    return found


def faults(folder: Path) -> list[str]:
    """What is wrong with the package in `folder`; empty when nothing is."""
    package = json.loads((folder / "package.json").read_text("utf-8"))
    words = json.loads((folder / "transcript.json").read_text("utf-8"))["sentences"]
    films = [asset for asset in package["assets"] if asset["kind"] == "video"]
    return [*_files(folder, package), *_lengths(folder, films), *_nesting(films), *_edges(films, words)]


def _files(folder: Path, package: dict[str, Any]) -> Iterator[str]:
    for asset in package["assets"]:
        path = folder / asset["path"]
        if not path.exists():
            yield f"{asset['path']} is missing"
        elif hashlib.sha256(path.read_bytes()).hexdigest() != asset["sha256"]:
            yield f"{asset['path']} has another sha256"


def _lengths(folder: Path, films: list[dict[str, Any]]) -> Iterator[str]:
    cuts = presets.load().cut
    for film in films:
        ends, cut = ends_ms(folder / film["path"]), cuts[film["cut"]]
        length = max(ends.values())
        if not cut.floor <= length <= cut.at_most:
            yield f"{film['path']} is {length / 1000:.2f} s long"
        if abs(length - film["duration_ms"]) > SKEW_MS:
            yield f"{film['path']} says {film['duration_ms']} ms and is {length:.0f} ms"
        if "audio" in ends and abs(ends["video"] - ends["audio"]) > SKEW_MS:
            yield f"{film['path']}: the picture ends at {ends['video']:.0f} ms, the sound at {ends['audio']:.0f} ms"


def _nesting(films: list[dict[str, Any]]) -> Iterator[str]:
    cuts = presets.load().cut
    for film in films:
        within = [other for other in films if other["cut"] == cuts[film["cut"]].within]
        parents = [other for other in within if other["take"] == film["take"]] or within[:1]
        for parent in parents:
            for span in film["spans"]:
                inside = any(
                    each["start"] - FRAME_MS <= span["start"] and span["end"] <= each["end"] + FRAME_MS
                    for each in parent["spans"]
                )
                if not inside:
                    yield f"{film['path']}: {span['start']}..{span['end']} is not in {parent['path']}"
        for before, after in pairwise(film["spans"]):
            if before["end"] > after["start"]:
                yield f"{film['path']}: {before} and {after} overlap"


def _edges(films: list[dict[str, Any]], sentences: list[dict[str, Any]]) -> Iterator[str]:
    words = [word for sentence in sentences for word in sentence["words"]]
    for film in films:
        for span in film["spans"]:
            for edge in (span["start"], span["end"]):
                for word in words:
                    if word["start"] < edge < word["end"]:
                        yield f"{film['path']}: {edge} cuts {word['text']!r} ({word['start']}..{word['end']})"
