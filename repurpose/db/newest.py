"""Lists in pages, the newest first."""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement, Select, tuple_


def page_of(
    found: Select[Any], created: ColumnElement[int], key: ColumnElement[str], limit: int, after: tuple[int, str] | None
) -> Select[Any]:
    """At most `limit` of the rows found, the newest first: those behind `after`, the (created, key) of the last one seen."""
    if after:
        found = found.where(tuple_(created, key) < tuple_(*after))
    return found.order_by(created.desc(), key.desc()).limit(limit)
