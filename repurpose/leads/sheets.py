"""Leads as lines of a sheet: CSV for spreadsheets, Parquet for analysis; the same columns in both."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from typing import Any

from repurpose.errors import UserError
from repurpose.leads.told import plain_text

TEXT, TIME, COUNT, NUMBER = "string", "time", "int64", "float64"
COLUMNS = {
    "id": TEXT, "name": TEXT, "email": TEXT, "phone": TEXT, "company": TEXT, "title": TEXT, "source": TEXT,
    "first_seen": TIME, "last_seen": TIME, "watched_minutes": NUMBER, "recording_minutes": NUMBER, "events": TEXT,
    "registered": COUNT, "attended": COUNT, "attended_minutes": COUNT, "questions": COUNT, "polls": COUNT,
    "score": NUMBER, "stage": TEXT, "rfe": TEXT, "topics": TEXT, "channel": TEXT, "segments": TEXT,
}  # fmt: skip


def line_of(told: Mapping[str, Any]) -> dict[str, Any]:
    """The columns of a lead, as `leads.told` tells of it, with its standing."""
    came, about, rfe = told["attendance"], told["about"], told["rfe"]

    def known(kind: str) -> str:
        return " ".join(one["value"] for one in told["known_by"] if one["kind"] == kind)

    def tagged(*kinds: str) -> str:
        return "; ".join(one["value"] for one in told["tags"] if one["kind"] in kinds)

    return {
        "id": told["id"], "name": about.get("name", ""), "email": known("email"), "phone": known("phone"),
        "company": about.get("company", ""), "title": about.get("title", ""), "source": told["source"],
        "first_seen": _moment(told["first"]), "last_seen": _moment(told["last"]),
        "watched_minutes": round(told["watch_ms"] / 60_000, 1), "recording_minutes": round(told["seconds"] / 60, 1),
        "events": " ".join(dict.fromkeys(one["title"] for one in told["watched"])), "registered": len(came),
        "attended": sum(bool(one["attended"]) for one in came), "attended_minutes": sum(one["minutes"] for one in came),
        "questions": sum(one["questions"] for one in came), "polls": sum(one["polls"] for one in came),
        "score": told["score"], "stage": told["stage"], "rfe": f"{rfe['r']}/{rfe['f']}/{rfe['e']}",
        "topics": tagged("topic", "term"), "channel": tagged("channel"), "segments": "; ".join(told["segments"]),
    }  # fmt: skip


def as_csv(lines: Iterable[Mapping[str, Any]]) -> bytes:
    """A CSV that spreadsheets read as UTF-8, and in which nothing a person wrote is a formula."""
    text = io.StringIO()
    sheet = csv.writer(text)
    sheet.writerow(COLUMNS)
    for line in lines:
        sheet.writerow([_cell(line[name]) for name in COLUMNS])
    return b"\xef\xbb\xbf" + text.getvalue().encode()


def as_parquet(lines: Iterable[Mapping[str, Any]]) -> bytes:
    """A Parquet file: times are UTC in milliseconds, numbers are numbers, and text is as it was written.

    Raises UserError where the extra `parquet` is not installed.
    """
    try:
        import pyarrow
        from pyarrow import parquet
    except ModuleNotFoundError:
        raise UserError(
            "A Parquet file takes the extra `parquet`: pip install 'repurpose[parquet]' (from a checkout: '.[parquet]')."
        ) from None
    kinds = {TIME: pyarrow.timestamp("ms", "UTC")} | {
        kind: pyarrow.type_for_alias(kind) for kind in (TEXT, COUNT, NUMBER)
    }
    schema = pyarrow.schema([(name, kinds[kind]) for name, kind in COLUMNS.items()])
    out = io.BytesIO()
    parquet.write_table(pyarrow.Table.from_pylist(list(lines), schema=schema), out, compression="zstd")
    return out.getvalue()


def _moment(at: int | None) -> datetime | None:
    return datetime.fromtimestamp(at / 1000, UTC) if at else None


def _cell(value: Any) -> Any:
    if value is None:
        return ""
    return plain_text(value.isoformat(timespec="seconds") if isinstance(value, datetime) else value)
