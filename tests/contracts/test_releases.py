"""Publishing on both databases: what is shown is one release or nothing, and what was handed out keeps its id."""

from __future__ import annotations

import threading

import pytest
from sqlalchemy import select

from repurpose.db import assets, audit, events, releases
from repurpose.db.events import EventRow
from repurpose.db.search import search
from repurpose.db.session import reading
from repurpose.db.tables import passages
from repurpose.errors import UserError
from repurpose.models.published import Release, SiteSettings
from repurpose.pipeline.reap import sweep
from repurpose.pipeline.release import enter, point, rollback, withdraw
from repurpose.pipeline.workplace import Workplace
from tests.publish.released import SAID, release_of


def put(place: Workplace, event: EventRow, film: str) -> int:
    """Release and show a version."""
    row = enter(place, event, release_of(place.store, event.slug, film=film, said=(f"版本 {film}", *SAID)), "test")
    point(place, event.id, row.number, "test")
    return row.number


def test_the_same_content_is_the_same_release(place: Workplace) -> None:
    event = events.create(place.engine, slug="a", title="A")
    first = enter(place, event, release_of(place.store), "lin")
    again = enter(place, event, release_of(place.store), "dana")
    other = enter(place, event, release_of(place.store, film="other"), "dana")
    assert first == again and first.by == "lin" and (first.number, other.number) == (1, 2)
    assert [row.number for row in releases.of_event(place.engine, event.id)] == [2, 1]
    assert place.store.get(first.digest, Release) == release_of(place.store)


def test_a_file_keeps_its_id_as_long_as_it_is_the_same(place: Workplace) -> None:
    event = events.create(place.engine, slug="a", title="A")
    for film in ("one", "two"):
        enter(place, event, release_of(place.store, film=film), "test")
    one, two = (assets.of_release(place.engine, event.id, number) for number in (1, 2))
    assert [row.path for row in one] == ["transcript.txt", "cuts/15s-1.vertical.mp4", "replay.mp4"]
    assert [a.id == b.id for a, b in zip(one, two, strict=True)] == [True, False, False]
    cut = two[1]
    assert (cut.kind, cut.cut, cut.take, cut.render, cut.spans) == ("video", "15s", 1, "vertical", ((6000, 11_000),))
    assert (cut.intro_ms, cut.outro_ms, cut.release_number, one[2].kind) == (500, 500, 2, "replay")
    assert assets.find(place.engine, cut.id) == cut and assets.find(place.engine, "as_none") is None


def test_a_draft_is_neither_shown_nor_found_nor_given_out(place: Workplace) -> None:
    event = events.create(place.engine, slug="a", title="A")
    enter(place, event, release_of(place.store, "a"), "test")
    film = assets.of_release(place.engine, event.id, 1)[2]
    held = assets.standing(place.engine, film.id)
    assert held and held.kept and not held.open
    assert releases.shown(place.engine, "a") == (events.find(place.engine, event.id), None)
    assert releases.shown(place.engine, "b") is None and events.shown(place.engine) == []
    assert search(place.engine, "库存") == []


def test_shown_then_withdrawn_then_shown_again(place: Workplace) -> None:
    event = events.create(place.engine, slug="a", title="A")
    put(place, event, "one")
    found = releases.shown(place.engine, "a")
    assert found and found[1] and (found[0].state, found[0].release, found[1].number) == ("published", 1, 1)
    film = assets.of_release(place.engine, event.id, 1)[2]
    held = assets.standing(place.engine, film.id)
    assert held and held.open and held.asset == film and held.event == found[0]
    assert [hit.slug for hit in search(place.engine, "库存")] == ["a"]

    gone = withdraw(place, event.id, "lin")
    assert (gone.state, gone.release) == ("withdrawn", 1) and gone.updated > found[0].updated
    held = assets.standing(place.engine, film.id)
    assert held and not held.open
    assert search(place.engine, "库存") == [] and releases.shown(place.engine, "a") == (gone, None)
    with reading(place.engine) as connection:
        assert connection.execute(select(passages.c.id)).all() == []

    back = point(place, event.id, 1, "lin")
    assert (back.state, back.published) == ("published", found[0].published) and search(place.engine, "库存")
    done = [(row.actor, row.action) for row in reversed(audit.noted(place.engine))]
    assert done == [("test", "event.publish"), ("lin", "event.withdraw"), ("lin", "event.publish")]


def test_going_back_shows_and_finds_the_release_before(place: Workplace) -> None:
    event = events.create(place.engine, slug="a", title="A")
    for film in ("one", "two", "three"):
        put(place, event, film)
    assert rollback(place, event.id, "test").release == 2
    assert search(place.engine, "three") == [] and search(place.engine, "two")
    assert rollback(place, event.id, "test").release == 1
    with pytest.raises(UserError, match="no earlier release"):
        rollback(place, event.id, "test")
    assert put(place, event, "four") == 4
    assert rollback(place, event.id, "test").release == 3


def test_ten_are_kept_and_the_one_shown(place: Workplace) -> None:
    event = events.create(place.engine, slug="a", title="A")
    put(place, event, "0")
    stays = assets.of_release(place.engine, event.id, 1)
    for film in range(1, 15):
        enter(place, event, release_of(place.store, "a", film=str(film)), "test")
    kept = [row.number for row in releases.of_event(place.engine, event.id)]
    assert kept == [*range(15, 5, -1), 1]
    with pytest.raises(UserError, match="no release 3 of this event"):
        point(place, event.id, 3, "test")
    forgotten = release_of(place.store, "a", film="3").package.recording.media
    assert sweep(place) > 0
    assert not place.store.has(forgotten.digest)
    assert all(place.store.has(row.file.digest) for row in stays)
    shown = releases.load(place.engine, event.id, 15)
    assert shown and place.store.get(shown.digest, Release).package.assets

    point(place, event.id, 15, "test")  # now nothing holds the first one
    assert [row.number for row in releases.of_event(place.engine, event.id)] == kept[:-1]
    old = assets.standing(place.engine, stays[2].id)
    assert old and not old.kept and not old.open  # its id stays, its file is not given out


def test_what_is_not_there_cannot_be_shown_or_taken_down(place: Workplace) -> None:
    with pytest.raises(UserError, match="Those kept: none"):
        point(place, "ev_none", 1, "test")
    event = events.create(place.engine, slug="a", title="A")
    for name in (event.id, "ev_none"):
        with pytest.raises(UserError, match="never published"):
            withdraw(place, name, "test")


def test_readers_see_one_release_whole_while_the_pointer_moves(place: Workplace) -> None:
    """What is found by a search is of the release that the same moment shows."""
    event = events.create(place.engine, slug="a", title="A")
    for film in ("odd", "even"):
        put(place, event, film)
    stop, wrong, looked = threading.Event(), [], 0

    def move() -> None:
        for turn in range(12):
            point(place, event.id, turn % 2 + 1, "test")
        stop.set()

    mover = threading.Thread(target=move)
    mover.start()
    while not stop.is_set():
        with reading(place.engine) as connection:
            rows = connection.execute(select(passages.c.text).where(passages.c.text.startswith("版本"))).all()
        found = releases.shown(place.engine, "a")
        looked += 1
        if len(rows) != 1 or not found or not found[1] or found[0].release != found[1].number:
            wrong.append((rows, found))
    mover.join()
    assert looked > 5 and wrong == []


def test_two_who_publish_at_once_get_two_numbers(place: Workplace) -> None:
    event = events.create(place.engine, slug="a", title="A")
    contents = [release_of(place.store, "a", film=str(film)) for film in range(8)]
    threads = [threading.Thread(target=enter, args=(place, event, content, "test")) for content in contents]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [row.number for row in releases.of_event(place.engine, event.id)] == [8, 7, 6, 5, 4, 3, 2, 1]


def test_settings_are_frozen_into_the_release(place: Workplace) -> None:
    event = events.create(place.engine, slug="a", title="A")
    put(place, event, "one")
    changed = events.change(place.engine, event.id, settings=SiteSettings(topics=("MES",)))
    found = releases.shown(place.engine, "a")
    assert changed and found and found[1] and changed.settings.topics == ("MES",)
    assert place.store.get(found[1].digest, Release).site.topics == ()
