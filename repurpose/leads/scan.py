"""Where words still stand: in the database and its log, and in every file of a folder. To prove that somebody is forgotten."""

from __future__ import annotations

import json
import os
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import quote

from repurpose.db import lead_erasure
from repurpose.db.session import Database
from repurpose.settings import Settings

PIECE = 1 << 22  # bytes read at a time


@dataclass
class Report:
    """What was looked through, and where a word was found: how often."""

    files: int = 0
    size: int = 0  # bytes
    hits: dict[str, int] = field(default_factory=dict)
    unread: list[str] = field(default_factory=list)  # files that may not be read


def scan(engine: Database, settings: Settings, words: Collection[str], also: Iterable[Path] = ()) -> Report:
    """Look for the words, in any case and as UTF-8, UTF-16, GB18030, JSON and addresses write them, in all rows, in the
    database's files and in every file of the home and of `also`. What is packed (zip, docx) is looked at as it lies."""
    report = Report()
    if not words:
        return report
    report.hits |= {f"table {name}": count for name, count in lead_erasure.rows_with(engine, words).items()}
    forms = spellings(words)
    for path in _files([settings.home, *_beside(lead_erasure.place_of(engine)), *also]):
        try:
            count = found_in(path, forms)
            report.size += path.stat().st_size
        except FileNotFoundError:
            continue
        except OSError:
            report.unread.append(str(path))
            continue
        report.files += 1
        if count:
            report.hits[str(path)] = count
    return report


def spellings(words: Iterable[str]) -> list[bytes]:
    """The bytes of the words, in small letters, in each way that text is written in files."""
    found: set[bytes] = set()
    for word in words:
        low = word.lower()
        texts = {low, json.dumps(low)[1:-1], quote(low, safe="").lower(), quote(low, safe="@").lower()}
        found |= {text.encode() for text in texts}
        found |= {low.encode("utf-16-le"), low.encode("gb18030")}
    return sorted({one.lower() for one in found if one})  # as the bytes they are compared with


def found_in(path: Path, forms: Collection[bytes]) -> int:
    """How often one of them stands in the file."""
    most, count, rest = max(map(len, forms)), 0, b""
    with path.open("rb") as file:
        while piece := file.read(PIECE):
            data = rest + piece.lower()
            count += sum(data.count(one) for one in forms)
            rest = data[-(most - 1) :] if most > 1 else b""
            count -= sum(rest.count(one) for one in forms)  # counted with the next piece
        return count + sum(rest.count(one) for one in forms)


def _beside(place: str) -> list[Path]:
    """The database's file, its log, and copies beside it."""
    return sorted(Path(place).parent.glob(f"{Path(place).name}*")) if place else []


def _files(places: Iterable[Path]) -> Iterator[Path]:
    seen: set[Path] = set()
    for place in places:
        inside = [place] if place.is_file() else (Path(at) / name for at, _, names in os.walk(place) for name in names)
        for path in inside:
            real = path.resolve()
            if real not in seen and real.is_file():
                seen.add(real)
                yield real
