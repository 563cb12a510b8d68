"""Registrants and attendees from a platform's CSV: Vhall 微吼, Polyv 保利威, Zoom, GoToWebinar, or any with a mapping.

    read_registrants(data)  ->  Imported("zoom", [Registrant(...)], [Problem(17, "no address, ... names anybody")])

Whose file it is, is seen from its columns. A line that cannot be taken in is told with its number; the others are. Somebody
who stands in several lines, as one who left and came back, is one registrant with the minutes of all of them.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from zoneinfo import ZoneInfo

from repurpose.errors import UserError
from repurpose.leads.columns import COLUMNS, HOURS, NOT_LEADS, SECONDS, field_of, plain, platform_of
from repurpose.leads.identity import is_own, read_key
from repurpose.leads.known import Attended, Sighting

KEYS = ("crm", "wecom", "unionid", "openid", "email", "phone")
YES = frozenset("yes y true 1 是 已参会 参会 已观看 到场 出席 attended √ ✓".split())  # noqa: SIM905
NO = frozenset("no n false 0 否 未参会 未观看 未到场 缺席 absent ×".split())  # noqa: SIM905
LONGEST = 300  # characters of a name, company or title
MOST_MINUTES = 7 * 24 * 60


@dataclass(frozen=True)
class Problem:
    """A line of the file, and what is wrong with it; `left_out`: nothing of the line was taken in."""

    line: int
    why: str
    left_out: bool = True


@dataclass(frozen=True)
class Registrant:
    """Somebody in the file: the first line they stand in, what names them, and what they did."""

    line: int
    keys: tuple[tuple[str, str], ...]
    about: Mapping[str, str]
    attended: Attended


@dataclass
class Imported:
    """What a file holds."""

    source: str
    registrants: list[Registrant] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)


def read_registrants(
    data: bytes, source: str = "", mapping: Mapping[str, str] | None = None, zone: str = "Asia/Shanghai"
) -> Imported:
    """What a file tells. `mapping`: field -> the name of its column, before what is known of names; `zone`: of its times.

    Raises UserError for a file without a line that names its columns.
    """
    named = {plain(column): one for one, column in (mapping or {}).items()}
    for one in set(named.values()) - COLUMNS.keys():
        raise UserError(f"{one}: no field of this name. There are: {', '.join(COLUMNS)}.")
    found = Imported(source)
    people: dict[tuple[str, str], Registrant] = {}
    columns: list[str] = []
    fields: list[str] = []
    skipping = False
    for line, row in _rows(_decoded(data)):
        cells = [cell.strip() for cell in row]
        filled = [cell for cell in cells if cell]
        if not filled:
            continue
        if len(filled) == 1 and (not columns or NOT_LEADS.search(filled[0]) or _is_section(filled[0])):
            skipping = bool(NOT_LEADS.search(filled[0]))
            columns = []
            continue
        here = [named.get(plain(cell)) or field_of(cell) for cell in cells]
        if len({one for one in here if one}) >= 2 and set(here) & set(KEYS) and not any("@" in cell for cell in cells):
            columns, fields = cells, here
            if not skipping and not found.source:
                found.source = platform_of(cells)
            continue
        if skipping or not columns:
            continue
        person, problems = _registrant(line, cells, columns, fields, zone)
        found.problems += problems
        if person is not None:
            key = read_key(*person.keys[0]) or person.keys[0]
            people[key] = _joined(people[key], person) if key in people else person
    if not found.source and not fields:
        raise UserError(
            "no line names the columns. There must be one with a mail address, phone number or id, such as `email` or `手机号`; "
            "--map email=NAME tells what yours is called."
        )
    found.source = found.source or "csv"
    found.registrants = list(people.values())
    return found


def sightings_of(imported: Imported, event_id: str | None) -> list[Sighting]:
    """The registrants, as leads are made of them."""
    return [
        Sighting(
            source=imported.source, keys=one.keys, at=one.attended.registered_at, event_id=event_id, about=one.about,
            strength="strong" if any(is_own(kind) for kind, _ in one.keys) else "medium",
            attended=one.attended if event_id else None,
        )
        for one in imported.registrants
    ]  # fmt: skip


def _registrant(
    line: int, cells: list[str], columns: list[str], fields: list[str], zone: str
) -> tuple[Registrant | None, list[Problem]]:
    if len([cell for cell in cells[len(columns) :] if cell]):
        return None, [Problem(line, f"{len(cells)} cells where the columns are {len(columns)}")]
    told: dict[str, str] = {}
    units: dict[str, str] = {}
    for name, column, cell in zip(fields, columns, cells, strict=False):
        if name and cell.strip("-—/") and name not in told:
            told[name], units[name] = cell.removeprefix("'"), column
    keys, problems = [], []
    for kind in KEYS:
        key = read_key(kind, told[kind]) if kind in told else None
        if key is not None:
            keys.append((kind, told[kind]))
        elif kind in told:
            problems.append(Problem(line, f"{kind}: names nobody", left_out=False))
    if not keys:
        why = problems[0].why if problems else "no mail address, phone number or id"
        return None, [Problem(line, why)]
    first, last = told.get("first", ""), told.get("last", "")
    name = told.get("name") or (f"{last}{first}" if re.search(r"[\u3400-\u9fff]", last) else f"{first} {last}".strip())
    about = {"name": name, "company": told.get("company", ""), "title": told.get("title", "")}
    moments = {}
    for one in ("registered_at", "joined_at"):
        moments[one] = moment_of(told[one], zone) if one in told else None
        if one in told and moments[one] is None:
            problems.append(Problem(line, f"{one}: {told[one]!r} is no date and time", left_out=False))
    minutes = minutes_of(told["minutes"], units["minutes"]) if "minutes" in told else 0
    if minutes is None:
        problems.append(Problem(line, f"minutes: {told['minutes']!r} is no length of time", left_out=False))
    word = told.get("attended", "").casefold()
    came = True if word in YES else False if word in NO else None
    if came is None and (minutes or moments["joined_at"]):
        came = True
    attended = Attended(
        moments["registered_at"] or moments["joined_at"], came, minutes or 0, _many(told.get("questions", "")),
        _many(told.get("polls", "")),
    )  # fmt: skip
    cut = {name: value[:LONGEST] for name, value in about.items() if value}
    return Registrant(line, tuple(keys), cut, attended), problems


def _joined(one: Registrant, other: Registrant) -> Registrant:
    """Two lines of one person."""
    a, b = one.attended, other.attended
    times = [at for at in (a.registered_at, b.registered_at) if at is not None]
    came = None if a.attended is None and b.attended is None else bool(a.attended or b.attended)
    both = Attended(
        min(times, default=None), came, min(MOST_MINUTES, a.minutes + b.minutes), a.questions + b.questions,
        a.polls + b.polls,
    )  # fmt: skip
    return replace(
        one, keys=tuple(dict.fromkeys(one.keys + other.keys)), about={**other.about, **one.about}, attended=both
    )


def moment_of(text: str, zone: str) -> int | None:
    """Milliseconds since 1970 of a date and time as platforms write it, in `zone` where it names none."""
    from dateutil import parser

    text = re.sub(r"[年月](?=\d)", "-", text).replace("日", " ")
    text = re.sub(r"\s*\(?\b([A-Z]{3,4})\)?$", r" \1", text)  # `CST` alone is no zone: it names several
    try:
        found = parser.parse(re.sub(r" (?!AM$|PM$)[A-Z]{3,4}$", "", text), default=datetime(2000, 1, 1))
    except (ValueError, OverflowError):
        return None
    if found.year < 2001:
        return None
    moment: float = found.replace(tzinfo=found.tzinfo or ZoneInfo(zone)).timestamp()
    return round(moment * 1000)


def minutes_of(text: str, column: str = "") -> int | None:
    """Whole minutes of `21`, `21.5`, `00:21:30`, `1小时2分3秒`, `1 hour 2 min`; in seconds where the column says so."""
    text = text.strip().casefold()
    if re.fullmatch(r"\d+(\.\d+)?", text):
        scale = 1 / 60 if SECONDS.search(column) else 60 if HOURS.search(column) else 1
        return _bounded(float(text) * scale)
    if clock := re.fullmatch(r"(?:(\d+):)?(\d+):(\d+)", text):
        hours, minutes, seconds = (int(part or 0) for part in clock.groups())
        return _bounded(hours * 60 + minutes + seconds / 60)
    parts = re.fullmatch(
        r"(?:(\d+)\s*(?:h|hours?|小时|时))?\s*(?:(\d+)\s*(?:m|min|mins|minutes?|分|分钟))?\s*(?:(\d+)\s*(?:s|sec|secs|seconds?|秒))?",
        text,
    )
    if not text or parts is None:
        return None
    hours, minutes, seconds = (int(part or 0) for part in parts.groups())
    return _bounded(hours * 60 + minutes + seconds / 60)


def _bounded(minutes: float) -> int | None:
    return round(minutes) if minutes <= MOST_MINUTES else None


def _many(text: str) -> int:
    """How many: a number, or the number of what stands there, one a line."""
    if text.isascii() and text.isdigit():
        return min(int(text), 10_000)
    return len([one for one in re.split(r"[\n;；]", text) if one.strip()])


def _is_section(text: str) -> bool:
    return bool(re.fullmatch(r"[^@\d]{3,40}(details|report|attended|信息|名单|列表|报告)", text.strip(), re.IGNORECASE))


def _decoded(data: bytes) -> str:
    """The text, in whichever of the ways that spreadsheets write it."""
    if data[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return data.decode("utf-16", "replace")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return data.decode("gb18030", "replace")


def _rows(text: str) -> Iterator[tuple[int, list[str]]]:
    """(the number of its last line, cells); the cells lie between commas, semicolons or tabs."""
    head = "\n".join(text.splitlines()[:30])
    mark = max(",;\t", key=head.count)
    csv.field_size_limit(1 << 20)
    reader = csv.reader(io.StringIO(text.replace("\0", ""), newline=""), delimiter=mark)
    while True:
        try:
            row = next(reader)
        except StopIteration:
            return
        except csv.Error:
            continue
        yield reader.line_num, row
