"""The rows the site and the API live on, on both databases."""

from __future__ import annotations

import pytest

from repurpose.db import events, kept, links, people, recordings, submissions
from repurpose.db.session import together
from repurpose.db.submissions import Consent
from repurpose.errors import Taken, UserError
from repurpose.models.published import SiteSettings
from repurpose.pipeline.reap import sweep
from repurpose.pipeline.workplace import Workplace


def test_an_address_is_one_events(place: Workplace) -> None:
    one, two = (events.create(place.engine, slug="talk", title=title) for title in ("One", "Two"))
    assert (one.slug, two.slug) == ("talk", "talk-2") and events.by_slug(place.engine, "talk-2") == two
    with pytest.raises(Taken, match="'talk' is taken"):
        events.change(place.engine, two.id, slug="talk")
    with together(place.engine):  # a refusal does not undo what went before it
        events.change(place.engine, one.id, title="Changed")
        with pytest.raises(Taken):
            events.change(place.engine, two.id, slug="talk")
    found = events.find(place.engine, one.id)
    assert found and found.title == "Changed"


def test_a_change_counts_only_for_who_saw_the_row_as_it_is(place: Workplace) -> None:
    event = events.create(place.engine, slug="talk", title="One")
    first = events.change(place.engine, event.id, seen=event.updated, settings=SiteSettings(topics=("MES",)))
    assert first and first.updated > event.updated and first.settings.topics == ("MES",)
    assert events.change(place.engine, event.id, seen=event.updated, title="Late") is None
    assert events.find(place.engine, event.id) == first and events.change(place.engine, "ev_none", title="x") is None


def test_events_are_listed_in_pages(place: Workplace) -> None:
    made = [events.create(place.engine, slug=f"e{number}", title="x") for number in range(7)]
    seen, after = [], None
    while page := events.listed(place.engine, limit=3, after=after):
        seen += page
        after = (page[-1].created, page[-1].id)
    assert sorted(event.id for event in seen) == sorted(event.id for event in made)
    assert [(event.created, event.id) for event in seen] == sorted(((e.created, e.id) for e in made), reverse=True)
    assert events.listed(place.engine, state="published") == []


def test_what_was_handed_in_is_kept_from_a_sweep(place: Workplace) -> None:
    event = events.create(place.engine, slug="talk", title="x")
    film, code = place.store.put_bytes(b"film", ".mp4"), place.store.put_bytes(b"code", ".png")
    lost = place.store.put_bytes(b"nobody's", ".mp4")
    first = recordings.add(place.engine, event.id, "recording", "talk.mp4", film, "lin")
    assert recordings.add(place.engine, event.id, "recording", "again.mp4", film, "dana") == first
    other = recordings.add(place.engine, event.id, "subtitles", "talk.srt", film, "lin")
    assert recordings.of_event(place.engine, event.id) == [first, other] and other.position == 2
    people.create(place.engine, slug="lin", name="林晓", wechat=code)
    assert kept.files(place.engine) == {film.digest, code.digest}
    place.presence.litter()
    assert sweep(place) == 1 and place.store.has(film.digest) and not place.store.has(lost.digest)


def test_people_and_what_they_show(place: Workplace) -> None:
    photo = place.store.put_bytes(b"photo", ".jpg")
    row = people.create(place.engine, slug="lin", name="林晓", photo=photo, notify={"mail": "lin@example.com"})
    assert people.by_slug(place.engine, "lin") == people.find(place.engine, row.id) == row
    assert (row.photo, row.wechat, row.notify, row.state) == (photo, None, {"mail": "lin@example.com"}, "active")
    with pytest.raises(Taken, match="lin"):
        people.create(place.engine, slug="lin", name="Other")
    one, two = (events.create(place.engine, slug=slug, title=slug) for slug in "ab")
    people.choose(place.engine, row.id, [two.id, one.id, two.id])
    assert people.chosen(place.engine, row.id) == [two.id, one.id]
    people.choose(place.engine, row.id, [one.id])
    assert people.chosen(place.engine, row.id) == [one.id]
    left = people.change(place.engine, row.id, state="left", photo=None)
    assert left and left.photo is None and left.updated > row.updated and people.everyone(place.engine) == [left]


def test_the_same_link_is_made_once_until_it_is_revoked(place: Workplace) -> None:
    event = events.create(place.engine, slug="talk", title="x")
    who = people.create(place.engine, slug="lin", name="林晓")
    first = links.make(place.engine, "event", by="lin", event_id=event.id, person_id=who.id, channel="wechat")
    again = links.make(place.engine, "event", by="dana", event_id=event.id, person_id=who.id, channel="wechat")
    other = links.make(place.engine, "event", by="lin", event_id=event.id, channel="wechat", start_ms=754_000)
    assert first == again and other.code != first.code and len(first.code) == 12 and first.code.isalnum()
    assert {row.code for row in links.listed(place.engine, event_id=event.id)} == {first.code, other.code}
    assert links.listed(place.engine, person_id=who.id) == [first]
    gone = links.revoke(place.engine, first.code)
    assert gone and gone.revoked and links.revoke(place.engine, first.code) == gone
    assert links.make(place.engine, "event", by="lin", event_id=event.id, person_id=who.id, channel="wechat").code != first.code  # fmt: skip
    assert links.find(place.engine, first.code.swapcase()) is None and links.revoke(place.engine, "none") is None


def test_a_form_is_kept_with_its_consent(place: Workplace) -> None:
    event = events.create(place.engine, slug="talk", title="x")
    agreed = Consent("h" * 64, "1", "zh", 5)
    fields = {"name": "林晓 <b>", "company": "厂"}
    row = submissions.add(place.engine, event.id, fields, visitor="v1", consent=agreed, link="abc")
    bare = submissions.add(place.engine, event.id, {"name": "x"}, visitor="v2")
    found = submissions.of_event(place.engine, event.id)
    assert {one.id: one for one in found} == {row.id: row, bare.id: bare} and bare.consent is None
    assert submissions.of_event(place.engine, event.id, after=(found[0].created, found[0].id)) == found[1:]


def test_all_or_nothing_over_several_functions(place: Workplace) -> None:
    with pytest.raises(UserError), together(place.engine):
        event = events.create(place.engine, slug="talk", title="x")
        links.make(place.engine, "event", by="lin", event_id=event.id)
        assert events.find(place.engine, event.id) is not None
        raise UserError("no")
    assert events.by_slug(place.engine, "talk") is None and links.listed(place.engine) == []
