"""What visitors search: the titles, sentences and slides of what the site shows, by SQLite's FTS5 or PostgreSQL's tsvector."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any, Literal

from sqlalchemy import (
    ColumnElement,
    Connection,
    Engine,
    Row,
    case,
    cast,
    column,
    delete,
    func,
    insert,
    literal_column,
    select,
    table,
)
from sqlalchemy.dialects.postgresql import TSQUERY

from repurpose.db.session import reading
from repurpose.db.tables import events, passages
from repurpose.text.searching import Sought, marks, sought, tokens

PassageKind = Literal["title", "said", "slide"]


@dataclass(frozen=True)
class Passage:
    """Something to be found: a sentence, or a page's text; a word of it and a word of `following` count as together."""

    kind: PassageKind
    start_ms: int
    end_ms: int
    text: str
    speaker: str = ""
    following: str = ""
    listed: bool = True  # found without naming the event


@dataclass(frozen=True)
class Hit:
    """Where the words stand: `marks` are [start, end) in the characters of `text`."""

    kind: PassageKind
    start_ms: int
    end_ms: int
    speaker: str
    text: str
    marks: tuple[tuple[int, int], ...]


@dataclass(frozen=True)
class Found:
    """An event in which something was found: its first hits in order of time, and how many there are in all."""

    event_id: str
    slug: str
    title: str
    date: str
    language: str
    hits: tuple[Hit, ...]
    count: int


def search(engine: Engine, words: str, *, event: str | None = None, limit: int = 20, per_event: int = 3) -> list[Found]:
    """The published events in which all the words stand (in one sentence or two that follow each other), best first.

    That is: in the title, then in one sentence, then by how often, then the latest. `event` is an id, and finds within that
    event alone, one that is not listed too.
    """
    asked = sought(words)
    if not asked:
        return []
    match, whole = _matching(engine.dialect.name, asked)
    which = passages.c.event_id == event if event else passages.c.listed == 1
    entire = case((whole, 1), else_=0)
    in_title = func.max(case((passages.c.kind == "title", entire), else_=0))
    count = func.count()
    best = (
        select(passages.c.event_id, count.label("many"))
        .select_from(passages.join(events, events.c.id == passages.c.event_id))
        .where(events.c.state == "published", which, match)
        .group_by(passages.c.event_id, events.c.date)
        .order_by(in_title.desc(), func.max(entire).desc(), count.desc(), events.c.date.desc(), passages.c.event_id)
        .limit(limit)
    )
    with reading(engine) as connection:
        counts: dict[str, int] = {row.event_id: row.many for row in connection.execute(best)}
        rank = func.row_number().over(
            partition_by=passages.c.event_id, order_by=(entire.desc(), passages.c.start_ms, passages.c.id)
        )
        ranked = (
            select(passages, rank.label("rank")).where(passages.c.event_id.in_(counts), which, match).subquery("ranked")
        )
        found = (
            select(ranked, events.c.slug, events.c.title, events.c.date, events.c.language)
            .join(events, events.c.id == ranked.c.event_id)
            .where(ranked.c.rank <= per_event)
            .order_by(ranked.c.start_ms, ranked.c.id)
        )
        rows = connection.execute(found).all()
    hits: dict[str, list[Row[Any]]] = {}
    for row in rows:
        hits.setdefault(row.event_id, []).append(row)
    return [_found(hits[each], many, asked) for each, many in counts.items() if each in hits]


def _found(rows: Sequence[Row[Any]], count: int, asked: Sequence[Sought]) -> Found:
    first = rows[0]
    hits = tuple(Hit(row.kind, row.start_ms, row.end_ms, row.speaker, row.text, marks(row.text, asked)) for row in rows)
    return Found(first.event_id, first.slug, first.title, first.date, first.language, hits, count)


def enter(connection: Connection, event_id: str, found: Sequence[Passage]) -> None:
    """Let these passages of an event be found."""
    form = _vector if connection.dialect.name == "postgresql" else " ".join
    split = cache(lambda text: [token.text for token in tokens(text)])  # what follows one is the next one's own
    rows = []
    for each in found:
        own, near = split(each.text), split(each.text) + split(each.following)
        if own:
            rows.append(
                {
                    "event_id": event_id, "kind": each.kind, "start_ms": each.start_ms, "end_ms": each.end_ms,
                    "speaker": each.speaker, "text": each.text, "listed": int(each.listed),
                    "own": form(own), "near": form(near),
                }
            )  # fmt: skip
    if rows:
        connection.execute(insert(passages), rows)


def forget(connection: Connection, event_id: str) -> None:
    """Let nothing of the event be found."""
    connection.execute(delete(passages).where(passages.c.event_id == event_id))


def _matching(dialect: str, asked: Sequence[Sought]) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    """Any word in the passage itself and all in it or in what follows; and, of those: all words in itself."""
    if dialect == "postgresql":
        each = [" <-> ".join(f"'{token}'" for token in word.tokens) + (":*" if word.open else "") for word in asked]
        phrases = [f"({one})" for one in each]
        some, all_words = cast(" | ".join(phrases), TSQUERY), cast(" & ".join(phrases), TSQUERY)
        return (
            passages.c.own.bool_op("@@")(some) & passages.c.near.bool_op("@@")(all_words),
            passages.c.own.bool_op("@@")(all_words),
        )
    quoted = [f'"{" ".join(word.tokens)}"' + (" *" if word.open else "") for word in asked]
    any_of, every = " OR ".join(quoted), " AND ".join(quoted)
    return _rows(f"own : ({any_of}) AND near : ({every})"), _rows(f"own : ({every})")


def _rows(query: str) -> ColumnElement[bool]:
    words = table("passages_words", column("rowid"))
    return passages.c.id.in_(select(words.c.rowid).where(literal_column("passages_words").bool_op("MATCH")(query)))


def _vector(found: Sequence[str]) -> str:
    """Tokens as PostgreSQL writes a tsvector; it counts positions up to 16383."""
    return " ".join(f"'{token}':{min(at, 16383)}" for at, token in enumerate(found, 1))
