"""What is written: on SQLite and PostgreSQL the rows are what the fold says, in any order and however often it is sent."""

from __future__ import annotations

import random
import threading
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from sqlalchemy import select, text

from repurpose.db import assets, events, views
from repurpose.db.films import films_of
from repurpose.db.session import reading, writing
from repurpose.db.tables import view_events, view_heat, view_sessions, view_visitors
from repurpose.models.film import film
from repurpose.pipeline.workplace import Workplace
from repurpose.settings import Settings
from repurpose.track import writer as writers
from repurpose.track.fold import RECEIVED, Arrival, arrive
from repurpose.track.heat import heat_of, heat_of_visitor
from repurpose.track.writer import Writer, write
from tests.databases import BOTH, ready_database
from tests.track.made import batch, came, psid_of, seg
from tests.web.served import published


@pytest.fixture(params=BOTH)
def site(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Any]:
    """An event on the site, its films, and batches for them by chance."""
    with Workplace(Settings(home=tmp_path, database=ready_database(request.param, tmp_path)), threads=1) as place:
        event = published(place)
        rows = [
            one for one in assets.of_release(place.engine, event.id, event.release or 0) if one.kind in assets.FILMS
        ]
        yield SimpleNamespace(
            place=place,
            engine=place.engine,
            event=event,
            films=[films_of(place.engine, event.id)[one.id] for one in rows],
        )


def viewing(site: Any, chance: random.Random, players: int, **about: Any) -> list[Arrival]:
    found = []
    for k in range(players):
        of, psid, wall = chance.choice(site.films), psid_of(chance), 0
        for part in range(3):
            made = []
            for n in range(chance.randrange(1, 4)):
                a = chance.randrange(of.length)
                b = min(of.length, a + chance.randrange(200, 9000))
                if a < b:
                    made.append(seg(part * 10 + n, a, b, wall))
                    wall += b - a
            if made:
                one = arrive(batch(made, psid=psid, sent=wall), came(of, visitor=f"d{k % 5:022}", **about))
                assert isinstance(one, Arrival)
                found.append(one)
    return found


def everything(engine: Any) -> object:
    """All rows, less the times that they came."""
    with reading(engine) as connection:

        def rows(table: Any, *left_out: str) -> list[Any]:
            kept = [column for column in table.c if column.name not in left_out]
            return sorted(map(tuple, connection.execute(select(*kept))))

        return (
            rows(view_sessions, "created", "updated"), rows(view_visitors, "created", "updated"),
            rows(view_events, "at", "came"), rows(view_heat),
        )  # fmt: skip


def test_the_same_rows_in_any_order_and_however_often(site: Any) -> None:
    chance = random.Random(3)
    arrivals = viewing(site, chance, 12)
    for k in range(0, len(arrivals), 5):
        write(site.engine, arrivals[k : k + 5], Counter())
    once = everything(site.engine)
    again = arrivals * 3
    chance.shuffle(again)
    for k in range(0, len(again), 7):
        write(site.engine, again[k : k + 7], Counter())
    assert everything(site.engine) == once
    with writing(site.engine) as connection:
        for table in (view_events, view_sessions, view_visitors, view_heat):
            connection.execute(table.delete())
    write(site.engine, again, Counter())
    assert everything(site.engine) == once
    counted = views.fates(site.engine, site.event.id)
    many = sum(len(one.batch.events) for one in arrivals)
    assert counted["accepted"] == 2 * many and counted["duplicate"] == 5 * many and counted[RECEIVED] == 7 * many


def test_heat_is_read_as_it_was_watched(site: Any) -> None:
    of = next(
        one for one in site.films if len(one.spans) == 1 and one.spans[0][0] > 0
    )  # 6 s: half a second before 6..11 s
    one = arrive(batch([seg(1, 0, 6000, 0)]), came(of, visitor="d" + "1" * 22))
    assert isinstance(one, Arrival)
    write(site.engine, [one], Counter())
    heat = heat_of(site.engine, site.event.id)
    assert heat.plays.tolist() == heat.viewers.tolist() == [0] * 6 + [1] * 5
    assert heat_of(site.engine, site.event.id, of.asset, of.length).plays.tolist() == [1] * 6
    assert heat_of_visitor(site.engine, site.event.id, "d" + "1" * 22, 12_000) == [False] * 6 + [True] * 5 + [False]
    (row,) = views.counted(site.engine, site.event.id)
    assert (row.asset_id, row.views, row.halves, row.completes, row.viewers, row.watch_ms) == (
        of.asset,
        1,
        1,
        1,
        1,
        6000,
    )


def test_bots_and_staff_are_kept_and_not_counted(site: Any) -> None:
    for who in ("bot", "staff"):
        for one in viewing(site, random.Random(len(who)), 3, who=who):
            write(site.engine, [one], Counter())
    assert views.counted(site.engine, site.event.id) == [] and not heat_of(site.engine, site.event.id).plays.any()
    assert set(views.fates(site.engine)) == {"bot", "staff", RECEIVED}
    with reading(site.engine) as connection:
        assert {fate for (fate,) in connection.execute(select(view_events.c.fate))} == {"bot", "staff"}


def test_who_waits_hears_when_it_is_written_and_not_before(site: Any) -> None:
    heard: list[tuple[Any, bool]] = []
    done = threading.Event()

    def told(waiting: Any) -> None:
        with reading(site.engine) as connection:
            there = {psid for (psid,) in connection.execute(select(view_sessions.c.psid))}
        for psid, written in waiting:
            assert written and psid in there
        heard.extend(waiting)
        if len(heard) == len(arrivals):
            done.set()

    arrivals = viewing(site, random.Random(5), 40)
    with Writer(site.engine, told) as writer:
        assert all(writer.put(one, one.batch.psid) for one in arrivals)
        assert done.wait(60)
    assert len(heard) == len(arrivals)


def test_when_too_much_waits_more_is_refused_and_counted(site: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(writers, "MOST_WAITING", 3)
    arrivals = viewing(site, random.Random(6), 10)
    told: list[tuple[Any, bool]] = []
    writer = Writer(site.engine, told.extend)
    taken = [writer.put(one, None) for one in arrivals]
    assert True in taken and False in taken
    with writer:
        pass  # what waits is written before it ends
    assert len(told) == taken.count(True)
    counted = views.fates(site.engine)
    assert sum(count for fate, count in counted.items() if fate != RECEIVED) == counted[RECEIVED]
    refused = sum(len(one.batch.events) for one, ok in zip(arrivals, taken, strict=True) if not ok)
    assert counted["overload"] == refused > 0


def test_what_the_database_refuses_is_told_as_not_written(site: Any) -> None:
    arrivals = viewing(site, random.Random(7), 2)
    with writing(site.engine) as connection:
        connection.execute(text("ALTER TABLE view_events RENAME TO away"))
    told: list[tuple[Any, bool]] = []
    with Writer(site.engine, told.extend) as writer:
        for one in arrivals:
            writer.put(one, None)
    assert {written for _, written in told} == {False}
    with writing(site.engine) as connection:
        connection.execute(text("ALTER TABLE away RENAME TO view_events"))
        assert connection.execute(select(view_sessions)).all() == []


def test_salts_of_days_gone_are_deleted(site: Any) -> None:
    kept = views.salts(site.engine, 100, lambda: "a")
    assert kept == {100: "a"} and views.salts(site.engine, 100, lambda: "b") == {100: "a"}
    assert views.salts(site.engine, 101, lambda: "c") == {100: "a", 101: "c"}
    assert views.salts(site.engine, 102, lambda: "d") == {101: "c", 102: "d"}


def test_a_film_without_a_known_length_ends_with_its_spans() -> None:
    assert film("as_x", "ev_x", None, [(0, 5000), (9000, 10_000)], 500).length == 6500


def test_an_event_that_goes_takes_its_views_along(site: Any) -> None:
    write(site.engine, viewing(site, random.Random(8), 3), Counter())
    assert events.find(site.engine, site.event.id)
    with writing(site.engine) as connection:
        connection.execute(text("DELETE FROM events"))
        for table in (view_events, view_sessions, view_visitors, view_heat):
            assert connection.execute(select(table)).all() == []
