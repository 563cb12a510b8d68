"""Experiments of titles and covers, on both databases: begun once, counted from the views, ended when they are decided."""

from __future__ import annotations

import random
from collections import Counter
from concurrent.futures import ThreadPoolExecutor

import pytest

from repurpose.db import assets, events, experiments
from repurpose.db.experiments import ExperimentRow
from repurpose.errors import Taken
from repurpose.feedback.experiments import Side, dealt
from repurpose.models.base import DAY_MS
from repurpose.models.film import film
from repurpose.pipeline.experiments import compared, settle, stop
from repurpose.pipeline.workplace import Workplace
from repurpose.track.fold import Arrival, arrive
from repurpose.track.token import ViewToken
from repurpose.track.writer import write
from tests.track.made import batch, came, psid_of, seg
from tests.web.served import published

HOUR = 3_600_000


A, B = ("One", ""), ("Another", "slides/001.jpg")


def running(place: Workplace) -> ExperimentRow:
    event = published(place)
    path = next(
        one.path for one in assets.of_release(place.engine, event.id, event.release or 0) if one.kind == "video"
    )
    return begun(place, event.id, path)


def begun(place: Workplace, event: str, path: str, channel: str = "") -> ExperimentRow:
    row = experiments.begin(place.engine, event, path, A, B, channel=channel, most=4, by="lin")
    assert row is not None
    return row


def always(row: ExperimentRow) -> bool:
    return True


def visits(
    place: Workplace,
    row: ExperimentRow,
    many: int,
    rates: dict[str, float],
    *,
    who: str = "viewer",
    path: str = "",
    chance: random.Random | None = None,
) -> dict[str, Side]:
    """Visitors who came, each dealt one of the two, and watched with these chances; what both sides then come to."""
    chance = chance or random.Random(5)
    event = events.find(place.engine, row.event_id)
    assert event is not None
    asset = next(
        one
        for one in assets.of_release(place.engine, row.event_id, event.release or 0)
        if one.path == (path or row.path)
    )
    of = film(asset.id, row.event_id, asset.duration_ms or 60_000, [(0, asset.duration_ms or 60_000)], 0)
    shown, views, arrivals = Counter[str](), Counter[str](), []
    for _ in range(many):
        visitor = f"d{psid_of(chance)}"
        variant = dealt(row.id, visitor)
        seen = chance.random() < rates[variant]
        at = row.created + chance.randrange(HOUR)
        token = ViewToken(
            row.event_id, 1, at // 1000 - 3600, variants=f"ex_{'z' * 20}:a {row.id}:{variant}", dealt_to="d"
        )
        events_ = [seg(1, 0, of.length, 1000)] if seen else [seg(1, 0, 400, 1000)]
        of_it = came(of, at=at, token=token, visitor=visitor, who=who)
        arrival = arrive(batch(events_, psid=psid_of(chance), asset=asset.id), of_it)
        assert isinstance(arrival, Arrival)
        arrivals.append(arrival)
        shown[variant] += 1
        views[variant] += seen
    write(place.engine, arrivals, Counter())
    return {one: Side(shown[one], shown[one], views[one], views[one]) for one in "ab"}


def test_one_runs_at_a_time_of_a_film_and_a_channel(place: Workplace) -> None:
    row = running(place)
    with pytest.raises(Taken):
        begun(place, row.event_id, row.path)
    other = begun(place, row.event_id, row.path, "wechat")
    assert experiments.of_event(place.engine, row.event_id) == [row, other] == experiments.running(place.engine)
    event = events.find(place.engine, row.event_id)
    assert stop(place, row, "a", row.created) and experiments.of_event(place.engine, row.event_id) == [other]
    changed = events.find(place.engine, row.event_id)
    assert event and changed and changed.updated > event.updated  # the pages are made anew
    again = begun(place, row.event_id, row.path)
    assert [one.id for one in experiments.listed(place.engine, row.event_id)][-1] == row.id != again.id
    assert len(experiments.listed(place.engine, row.event_id)) == 3


def test_the_better_one_is_kept_by_itself(place: Workplace) -> None:
    row = running(place)
    sides = visits(place, row, 400, {"a": 0.2, "b": 0.6})
    late = row.created + 4 * DAY_MS
    told = compared(place, row, late)
    assert (told.a, told.b) == (sides["a"], sides["b"]) and told.evidence > told.needed
    assert settle(place, row.created + DAY_MS, always) == 0  # not before its days are over
    assert settle(place, late, always) == 1 and settle(place, late, always) == 0
    ended = experiments.find(place.engine, row.id)
    assert ended and (ended.state, ended.keep, ended.why) == ("ended", "b", "better")
    assert compared(place, ended, late + DAY_MS) == compared(place, ended, late)  # as it was when it ended
    assert experiments.of_event(place.engine, row.event_id) == [ended]
    back = stop(place, ended, "a", late)  # somebody likes the first one better all the same
    assert back and (back.keep, back.why) == ("a", "stopped") and back.figures == ended.figures
    assert experiments.of_event(place.engine, row.event_id) == []


def test_bots_staff_and_other_films_have_no_say(place: Workplace) -> None:
    row = running(place)
    sides = visits(place, row, 60, {"a": 0.5, "b": 0.5})
    visits(place, row, 60, {"a": 0, "b": 1}, who="bot", chance=random.Random(6))
    visits(place, row, 60, {"a": 0, "b": 1}, who="staff", chance=random.Random(7))
    seen = compared(place, row, row.created + 2 * HOUR)
    assert (seen.a, seen.b) == (sides["a"], sides["b"])
    beside = visits(place, row, 60, {"a": 1, "b": 1}, path="replay.mp4", chance=random.Random(8))
    seen = compared(place, row, row.created + 2 * HOUR)
    assert seen.b.shown == sides["b"].shown + beside["b"].shown and seen.b.views == sides["b"].views
    fresh = compared(place, row, row.created + HOUR // 2)
    assert fresh.a.shown == seen.a.shown and fresh.a.counted == 0  # their hour is not over


def test_what_is_not_shown_any_more_ends_it(place: Workplace) -> None:
    row = running(place)
    assert settle(place, row.created, always) == 0 and settle(place, row.created, lambda row: False) == 1
    ended = experiments.find(place.engine, row.id)
    assert ended and (ended.keep, ended.why) == ("a", "gone")


def test_what_a_person_decided_stands(place: Workplace) -> None:
    """Somebody ends it while it is looked at: what the look came to is not written over that."""
    row = running(place)

    def meanwhile(one: ExperimentRow) -> bool:
        stop(place, one, "b", one.created)
        return False

    assert settle(place, row.created, meanwhile) == 0
    ended = experiments.find(place.engine, row.id)
    assert ended and (ended.keep, ended.why) == ("b", "stopped")
    assert stop(place, ended, "b", row.created) == ended  # said twice, it is the same


def test_no_more_run_than_may_however_many_begin_at_once(place: Workplace) -> None:
    event = published(place)

    def try_(number: int) -> bool:
        return (
            experiments.begin(place.engine, event.id, "replay.mp4", A, B, channel=f"c{number}", most=4, by="x")
            is not None
        )

    with ThreadPoolExecutor(8) as pool:
        made = list(pool.map(try_, range(12)))
    assert sum(made) == 4 == len(experiments.running(place.engine))


def test_who_becomes_another_visitor_on_the_page_is_counted_once(place: Workplace) -> None:
    """Who agrees to be recognised while a film plays goes on as another visitor, under the same page's token."""
    row, chance = running(place), random.Random(9)
    asset = next(one for one in assets.of_release(place.engine, row.event_id, 1) if one.path == row.path)
    of = film(asset.id, row.event_id, asset.duration_ms or 60_000, [(0, asset.duration_ms or 60_000)], 0)
    token = ViewToken(row.event_id, 1, row.created // 1000 - 3600, variants=f"{row.id}:b", dealt_to="d")
    for visitor in ("d" + "x" * 22, "v" + "y" * 22):
        watched = batch([seg(1, 0, of.length, 1000)], psid=psid_of(chance), asset=asset.id)
        arrival = arrive(
            watched, came(of, at=row.created + 1, token=token, visitor=visitor, consents=visitor[0] == "v")
        )
        assert isinstance(arrival, Arrival)
        write(place.engine, [arrival], Counter())
    seen = compared(place, row, row.created + 2 * HOUR)
    assert (seen.a, seen.b) == (Side(), Side(1, 1, 1, 1))
