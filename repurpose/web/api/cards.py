"""Smart cards 智能名片: the people, and what each of them shows."""

from __future__ import annotations

from fastapi import APIRouter, Request
from pydantic import BaseModel
from starlette.responses import Response

from repurpose.db import audit, events, people
from repurpose.db.people import PersonRow
from repurpose.web.api.once import Made, OnceOnly
from repurpose.web.api.paging import Match, read, seen, there, version
from repurpose.web.api.shapes.fields import PersonId
from repurpose.web.api.shapes.people import ContentWish, PersonChange, PersonShape, PersonWish
from repurpose.web.problems import Problem, documented
from repurpose.web.who import Publisher, Reader, client_of, public_base

router = APIRouter(tags=["cards"])


class PersonList(BaseModel):
    """Everyone, by name."""

    items: list[PersonShape]


@router.get("/people", response_model=PersonList)
def list_people(request: Request, asker: Reader) -> Response:
    """Everyone who has a card, by name; those who left too."""
    rows = people.everyone(request.app.state.engine)
    return read(request, PersonList(items=[_shape(request, row) for row in rows]))


@router.post("/people", status_code=201, response_model=PersonShape, responses=documented(409, 413))
def create_person(request: Request, wish: PersonWish, asker: Publisher, once: OnceOnly) -> Response:
    """Give someone a card, at once to be seen at its address."""
    engine = request.app.state.engine

    def make() -> Made:
        row = people.create(engine, **wish.model_dump())
        audit.note(engine, asker.id, "person.create", row.id, client_of(request))
        headers = {"location": f"/api/v1/people/{row.id}"} | version(row.updated)
        return Made(_shape(request, row), 201, headers)

    return once.answer(make)


@router.get("/people/{person_id}", response_model=PersonShape, responses=documented(404))
def get_person(request: Request, person_id: PersonId, asker: Reader) -> Response:
    """One person."""
    row = there(people.find(request.app.state.engine, person_id), "person")
    return read(request, _shape(request, row), version(row.updated))


@router.patch("/people/{person_id}", response_model=PersonShape, responses=documented(404, 409, 412, 413))
def change_person(
    request: Request, person_id: PersonId, wish: PersonChange, asker: Publisher, once: OnceOnly, match: Match = None
) -> Response:
    """Change what is given. With the state `left` the card answers 410."""
    engine = request.app.state.engine

    def make() -> Made:
        there(people.find(engine, person_id), "person")
        row = people.change(engine, person_id, seen=seen(match), **wish.model_dump(exclude_none=True))
        if row is None:
            raise Problem("changed")
        fields = sorted(wish.model_fields_set)
        audit.note(engine, asker.id, "person.change", person_id, client_of(request), fields=fields)
        return Made(_shape(request, row), headers=version(row.updated))

    return once.answer(make)


@router.put("/people/{person_id}/content", response_model=PersonShape, responses=documented(404, 409, 413))
def choose_content(
    request: Request, person_id: PersonId, wish: ContentWish, asker: Publisher, once: OnceOnly
) -> Response:
    """What the card shows first, in this order."""
    engine = request.app.state.engine

    def make() -> Made:
        there(people.find(engine, person_id), "person")
        for event in wish.events:
            if events.find(engine, event) is None:
                raise Problem("refused", why=f"events: there is no event {event}.")
        people.choose(engine, person_id, wish.events)
        audit.note(engine, asker.id, "person.choose", person_id, client_of(request), events=list(wish.events))
        row = there(people.find(engine, person_id), "person")
        return Made(_shape(request, row), headers=version(row.updated))

    return once.answer(make)


def _shape(request: Request, row: PersonRow) -> PersonShape:
    return PersonShape.of(row, tuple(people.chosen(request.app.state.engine, row.id)), public_base(request))
