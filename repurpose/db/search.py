"""What visitors search: the titles, sentences and slides of what the site shows, by SQLite's FTS5 or PostgreSQL's tsvector."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

from sqlalchemy import (
    ColumnElement,
    Connection,
    Engine,
    Row,
    cast,
    column,
    delete,
    insert,
    literal_column,
    select,
    table,
)
from sqlalchemy.dialects.postgresql import TSQUERY

from repurpose.db.session import reading
from repurpose.db.tables import events, passages
from repurpose.text.searching import Sought, holds, marks, sought, tokens

PassageKind = Literal["title", "said", "slide"]
MOST = 2000  # rows that one search looks at; beyond them lie the oldest events


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
    found = (
        select(passages, events.c.slug, events.c.title, events.c.date, events.c.language)
        .join(events, events.c.id == passages.c.event_id)
        .where(events.c.state == "published", _matching(engine.dialect.name, asked))
        .order_by(events.c.date.desc(), events.c.id, passages.c.start_ms, passages.c.id)
        .limit(MOST)
    )
    found = found.where(passages.c.event_id == event) if event else found.where(passages.c.listed == 1)
    with reading(engine) as connection:
        rows = connection.execute(found).all()
    return ranked(rows, asked, per_event)[:limit]


def ranked(rows: Sequence[Row[Any]], asked: Sequence[Sought], per_event: int) -> list[Found]:
    """Rows as `search` reads them, by event, best first."""
    grouped: dict[str, list[Row[Any]]] = {}
    for row in rows:
        grouped.setdefault(row.event_id, []).append(row)
    made = []
    for event_id, mine in grouped.items():
        held = {row.id for row in mine if holds(row.text, asked) == len(asked)}
        whole = [row for row in mine if row.id in held]
        rest = [row for row in mine if row.id not in held]
        best = sorted([*whole, *rest][:per_event], key=lambda row: row.start_ms)
        hits = tuple(
            Hit(row.kind, row.start_ms, row.end_ms, row.speaker, row.text, marks(row.text, asked)) for row in best
        )
        first = mine[0]
        event = Found(event_id, first.slug, first.title, first.date, first.language, hits, len(mine))
        made.append(((not any(row.kind == "title" for row in whole), not whole, -len(mine)), event))
    return [event for _, event in sorted(made, key=lambda pair: pair[0])]  # equals stay in order: the latest first


def enter(connection: Connection, event_id: str, found: Sequence[Passage]) -> None:
    """Let these passages of an event be found."""
    form = _vector if connection.dialect.name == "postgresql" else " ".join
    rows = []
    for each in found:
        own = [token.text for token in tokens(each.text)]
        near = own + [token.text for token in tokens(each.following)]
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


def _matching(dialect: str, asked: Sequence[Sought]) -> ColumnElement[bool]:
    """Any word in the passage itself, all words in it or in what follows."""
    if dialect == "postgresql":
        each = [" <-> ".join(f"'{token}'" for token in word.tokens) + (":*" if word.open else "") for word in asked]
        phrases = [f"({one})" for one in each]
        own, near = cast(" | ".join(phrases), TSQUERY), cast(" & ".join(phrases), TSQUERY)
        return passages.c.own.bool_op("@@")(own) & passages.c.near.bool_op("@@")(near)
    quoted = [f'"{" ".join(word.tokens)}"' + (" *" if word.open else "") for word in asked]
    query = f"own : ({' OR '.join(quoted)}) AND near : ({' AND '.join(quoted)})"
    words = table("passages_words", column("rowid"))
    return passages.c.id.in_(select(words.c.rowid).where(literal_column("passages_words").bool_op("MATCH")(query)))


def _vector(found: Sequence[str]) -> str:
    """Tokens as PostgreSQL writes a tsvector; it counts positions up to 16383."""
    return " ".join(f"'{token}':{min(at, 16383)}" for at, token in enumerate(found, 1))
