"""Events: listed, made, read, changed; what a person decided for them."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Query, Request
from pydantic import BaseModel
from starlette.responses import Response

from repurpose.db import audit, events, orders, submissions
from repurpose.db.events import EventRow, EventState
from repurpose.db.session import Database
from repurpose.ingest.brand import must_be_told
from repurpose.models import AgendaItem, CallToAction, Choices, Event, Span, Speaker
from repurpose.models.published import SiteSettings
from repurpose.text.addresses import address_of
from repurpose.web.api.once import Made, OnceOnly
from repurpose.web.api.paging import After, Limit, Match, cursor, paged, read, seen, there, version
from repurpose.web.api.shapes.events import (
    AboutShape,
    ChoicesShape,
    EventChange,
    EventShape,
    EventWish,
    SpanShape,
    SubmissionShape,
)
from repurpose.web.api.shapes.fields import EventId
from repurpose.web.problems import Problem, documented
from repurpose.web.who import Editor, Reader, Seller, client_of, public_base

router = APIRouter(tags=["events"])


class EventPage(BaseModel):
    """Events, the newest first."""

    items: list[EventShape]
    next: str | None


class SubmissionPage(BaseModel):
    """Forms sent in, the newest first."""

    items: list[SubmissionShape]
    next: str | None


@router.get("/events", response_model=EventPage)
def list_events(
    request: Request,
    asker: Reader,
    state: Annotated[EventState | None, Query()] = None,
    limit: Limit = 50,
    after: After = None,
) -> Response:
    """Events, the newest first."""
    engine, base = request.app.state.engine, public_base(request)
    rows = events.listed(engine, state=state, limit=limit + 1, after=cursor(after))
    items, onward = paged(rows, limit, lambda row: f"{row.created}-{row.id}")
    return read(request, EventPage(items=[shape(row, about_of(engine, row), base) for row in items], next=onward))


@router.post("/events", status_code=201, response_model=EventShape, responses=documented(409, 413))
def create_event(request: Request, wish: EventWish, asker: Editor, once: OnceOnly) -> Response:
    """A draft, to which recordings are handed in. When its address is taken it gets a number."""
    engine = request.app.state.engine
    must_be_told(wish.about.brand, request.app.state.settings.presets, engine)

    def make() -> Made:
        row = events.create(
            engine,
            slug=wish.slug or address_of(wish.title) or "event",
            title=wish.title,
            language=wish.language,
            date=wish.date.isoformat() if wish.date else "",
            settings=_settings(wish.site),
        )
        orders.put_wish(engine, row.id, about=_about(row, wish.about, None))
        audit.note(engine, asker.id, "event.create", row.id, client_of(request))
        made = shape(row, wish.about, public_base(request))
        return Made(made, 201, {"location": f"/api/v1/events/{row.id}"} | version(row.updated))

    return once.answer(make)


@router.get("/events/{event_id}", response_model=EventShape, responses=documented(404))
def get_event(request: Request, event_id: EventId, asker: Reader) -> Response:
    """The event. Its ETag names the version; a change sends it as If-Match."""
    engine = request.app.state.engine
    row = there(events.find(engine, event_id), "event")
    return read(request, shape(row, about_of(engine, row), public_base(request)), version(row.updated))


@router.patch("/events/{event_id}", response_model=EventShape, responses=documented(404, 409, 412, 413))
def change_event(
    request: Request, event_id: EventId, wish: EventChange, asker: Editor, once: OnceOnly, match: Match = None
) -> Response:
    """Change what is given. The site shows it with the next release, but for `site.embed`, `site.listed` and `site.media`."""
    engine = request.app.state.engine
    if wish.about is not None:
        must_be_told(wish.about.brand, request.app.state.settings.presets, engine)

    def make() -> Made:
        there(events.find(engine, event_id), "event")
        given: dict[str, Any] = {
            name: getattr(wish, name) for name in ("title", "slug", "language") if getattr(wish, name) is not None
        }
        if wish.date is not None:
            given["date"] = wish.date.isoformat()
        if wish.site is not None:
            given["settings"] = _settings(wish.site)
        row = events.change(engine, event_id, seen=seen(match), **given)
        if row is None:
            raise Problem("changed")
        before = orders.wish(engine, event_id)
        about = wish.about or about_of(engine, row)
        orders.put_wish(engine, event_id, about=_about(row, about, before.about if before else None))
        audit.note(engine, asker.id, "event.change", event_id, client_of(request), fields=sorted(wish.model_fields_set))
        return Made(shape(row, about, public_base(request)), headers=version(row.updated))

    return once.answer(make)


@router.get("/events/{event_id}/choices", response_model=ChoicesShape, responses=documented(404))
def get_choices(request: Request, event_id: EventId, asker: Reader) -> Response:
    """What a person decided for the event's versions."""
    there(events.find(request.app.state.engine, event_id), "event")
    wished = orders.wish(request.app.state.engine, event_id)
    headers = version(wished.updated if wished else 0)
    return read(request, _choices(wished.choices if wished else Choices()), headers)


@router.put("/events/{event_id}/choices", response_model=ChoicesShape, responses=documented(404, 409, 412, 413))
def put_choices(
    request: Request, event_id: EventId, wish: ChoicesShape, asker: Editor, once: OnceOnly, match: Match = None
) -> Response:
    """Decide anew. The next run goes by it."""
    engine = request.app.state.engine
    decided = Choices(keep=spans(wish.keep, "keep"), drop=spans(wish.drop, "drop"))

    def make() -> Made:
        row = there(events.find(engine, event_id), "event")
        about = None if orders.wish(engine, event_id) else _about(row, AboutShape(), None)
        wished = orders.put_wish(engine, event_id, about=about, choices=decided, seen=seen(match))
        if wished is None:
            raise Problem("changed")
        audit.note(engine, asker.id, "choices.change", event_id, client_of(request))
        return Made(_choices(wished.choices), headers=version(wished.updated))

    return once.answer(make)


@router.get("/events/{event_id}/submissions", response_model=SubmissionPage, responses=documented(404))
def list_submissions(
    request: Request, event_id: EventId, asker: Seller, limit: Limit = 50, after: After = None
) -> Response:
    """Forms that visitors sent in, the newest first. Takes the scope `leads`."""
    engine = request.app.state.engine
    there(events.find(engine, event_id), "event")
    rows = submissions.of_event(engine, event_id, limit=limit + 1, after=cursor(after))
    items, onward = paged(rows, limit, lambda row: f"{row.created}-{row.id}")
    shown = [
        SubmissionShape(
            id=row.id, event=row.event_id, asset=row.asset_id, link=row.link, fields=row.fields,
            consented=row.consent.at if row.consent else None, created=row.created,
        )
        for row in items
    ]  # fmt: skip
    return read(request, SubmissionPage(items=shown, next=onward))


def shape(row: EventRow, about: AboutShape, base: str) -> EventShape:
    """The event as the API tells of it."""
    return EventShape(
        id=row.id, slug=row.slug, title=row.title, language=row.language, date=row.date, state=row.state,
        release=row.release, run=row.run, url=f"{base}/e/{row.slug}", site=row.settings, about=about,
        created=row.created, updated=row.updated, published=row.published,
    )  # fmt: skip


def about_of(engine: Database, row: EventRow) -> AboutShape:
    """What was told of the event before anyone listened."""
    wished = orders.wish(engine, row.id)
    if wished is None:
        return AboutShape()
    known = wished.about.model_dump(mode="json", include={"agenda", "terms", "brand", "cta"})
    speakers = [who.model_dump(exclude={"photo"}) for who in wished.about.speakers]
    return AboutShape.model_validate({**known, "speakers": speakers})


def _settings(site: SiteSettings) -> SiteSettings:
    return SiteSettings.model_validate(site.model_dump())


def _about(row: EventRow, about: AboutShape, before: Event | None) -> Event:
    """The event as the pipeline takes it in; photos that were there stay with their speaker."""
    photos = {who.name: who.photo for who in before.speakers} if before else {}
    return Event.model_validate(
        {
            "name": before.name if before else row.slug,
            "title": row.title,
            "date": row.date or None,
            "language": row.language,
            "speakers": tuple(Speaker(**who.model_dump(), photo=photos.get(who.name)) for who in about.speakers),
            "agenda": tuple(AgendaItem(**item.model_dump()) for item in about.agenda),
            "terms": about.terms,
            "brand": about.brand,
            "cta": CallToAction(**about.cta.model_dump()),
        }
    )


def _choices(choices: Choices) -> ChoicesShape:
    return ChoicesShape(
        keep=tuple(SpanShape(start=span.start, end=span.end) for span in choices.keep),
        drop=tuple(SpanShape(start=span.start, end=span.end) for span in choices.drop),
    )


def spans(given: tuple[SpanShape, ...], name: str) -> tuple[Span, ...]:
    """The stretches as they were given in the field `name`. Raises Problem for one that ends before it starts."""
    for at, one in enumerate(given):
        if one.start >= one.end:
            raise Problem("refused", why=f"{name}[{at}]: a stretch must end after it starts.")
    return tuple(Span(start=one.start, end=one.end) for one in given)
