"""Leads as CSV and as Parquet: the same columns; text is no formula in one, and as it was written in the other."""

from __future__ import annotations

import csv
import io
import sys
from datetime import UTC, datetime
from typing import Any

import pytest

from repurpose.errors import UserError
from repurpose.leads.sheets import COLUMNS, as_csv, as_parquet, line_of

TOLD: dict[str, Any] = {
    "id": "le_a", "source": "csv", "first": 1_790_000_000_000, "last": None, "about": {"name": "=HYPERLINK(1)", "company": "墨川"},
    "known_by": [{"kind": "phone", "value": "+8613800138000"}], "watch_ms": 90_000, "seconds": 60, "watched": [{"title": "库存"}],
    "attendance": [{"attended": None, "minutes": 3, "questions": 1, "polls": 0}], "score": 12.5, "stage": "lead",
    "rfe": {"r": 5, "f": 1, "e": 2}, "segments": ["pricing"],
    "tags": [{"kind": "topic", "value": "@价格"}, {"kind": "term", "value": "GEO"}, {"kind": "channel", "value": "mail"}],
}  # fmt: skip


def test_a_csv_holds_no_formula() -> None:
    (line,) = csv.DictReader(io.StringIO(as_csv([line_of(TOLD)]).decode("utf-8-sig")))
    assert list(line) == list(COLUMNS)
    assert (line["name"], line["phone"], line["topics"]) == ("'=HYPERLINK(1)", "'+8613800138000", "'@价格; GEO")
    assert (line["first_seen"], line["last_seen"], line["score"]) == ("2026-09-21T14:13:20+00:00", "", "12.5")
    assert (line["rfe"], line["channel"], line["segments"], line["attended"]) == ("5/1/2", "mail", "pricing", "0")


def test_parquet_holds_what_was_written() -> None:
    parquet: Any = pytest.importorskip("pyarrow.parquet")
    for count in (2, 0):
        table = parquet.read_table(io.BytesIO(as_parquet([line_of(TOLD)] * count)))
        assert table.column_names == list(COLUMNS) and table.num_rows == count
    (line, _) = parquet.read_table(io.BytesIO(as_parquet([line_of(TOLD)] * 2))).to_pylist()
    assert (line["name"], line["last_seen"], line["score"]) == ("=HYPERLINK(1)", None, 12.5)
    assert line["first_seen"] == datetime(2026, 9, 21, 14, 13, 20, tzinfo=UTC)


def test_without_the_extra_it_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    with pytest.raises(UserError, match="parquet"):
        as_parquet([])
