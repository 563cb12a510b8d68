"""What a person does to an event in the console: have a cut made, stop a run, publish, show another release, withdraw,
compare two titles or covers."""

from __future__ import annotations

from collections.abc import Callable
from urllib.parse import urlencode

from fastapi import APIRouter, Request
from pydantic import BaseModel
from starlette.responses import Response

from repurpose.db import audit, experiments, orders, releases
from repurpose.db.events import EventRow
from repurpose.db.jobs import now
from repurpose.db.orders import OPEN
from repurpose.errors import Taken, UserError
from repurpose.feedback.experiments import Variant
from repurpose.models import Span
from repurpose.pipeline import release
from repurpose.pipeline.experiments import stop
from repurpose.web.accounts import Form
from repurpose.web.acts import begin_run, has_source, make_release
from repurpose.web.api.once import Made
from repurpose.web.console.asking import Maker, Showing, once_of
from repurpose.web.console.event import Slug, by_slug, event_page, proposal
from repurpose.web.console.frame import AT, Console, tongue_of
from repurpose.web.console.pages import wording
from repurpose.web.experiments import begin
from repurpose.web.problems import Problem
from repurpose.web.who import Principal, client_of
from repurpose.web.wording import KINDS, said

TITLE = 120  # signs of a title that is tried


class Done(BaseModel):
    """What was done; a browser is sent back to the event's page, which says so."""

    done: str


class Refusal(Exception):
    """It is not done: a reason that the console has words for."""


def routes(console: Console) -> APIRouter:
    """The forms of an event's page."""
    router = APIRouter(include_in_schema=False)
    engine = console.place.engine

    def act(
        request: Request,
        asker: Principal,
        sent: dict[str, str],
        slug: str,
        done: str,
        effect: Callable[[EventRow], None],
    ) -> Response:
        """Do it once, and go back to the page; where it cannot be done the page says why."""
        event = by_slug(console, slug)
        language = request.query_params.get("lang", "")
        query = urlencode({"done": done} | ({"lang": tongue_of(request).code} if language else {}))

        def made() -> Made:
            effect(event)
            return Made(Done(done=done), 303, {"location": f"{AT}/e/{event.slug}?{query}"})

        try:
            return once_of(request, asker, sent).answer(made)
        except (Refusal, UserError, Problem) as fault:
            words, status = _why(fault, request)
            return event_page(console, request, asker, by_slug(console, slug), fault=words, status=status)

    @router.post(f"{AT}/e/{{slug}}/run")
    def console_run(request: Request, slug: Slug, sent: Form, asker: Maker) -> Response:
        """Make the event anew; with `start`, `end` and `cut` so that its versions have what viewers ask for."""

        def effect(event: EventRow) -> None:
            keep = _keep(console, event, sent)
            if not has_source(console.place, event):
                raise Refusal("no-source")
            begin_run(request, event, (), keep, asker.id)

        answer = act(request, asker, sent, slug, "run", effect)
        request.app.state.runner.call()
        return answer

    @router.post(f"{AT}/e/{{slug}}/stop")
    def console_stop(request: Request, slug: Slug, sent: Form, asker: Maker) -> Response:
        """Ask the run to stop. What is finished is kept."""

        def effect(event: EventRow) -> None:
            last = orders.listed(engine, event_id=event.id, limit=1)
            if last and last[0].state in OPEN:
                orders.cancel(engine, last[0].id)
                audit.note(engine, asker.id, "run.cancel", last[0].id, client_of(request))

        return act(request, asker, sent, slug, "stopped", effect)

    @router.post(f"{AT}/e/{{slug}}/publish")
    def console_publish(request: Request, slug: Slug, sent: Form, asker: Showing) -> Response:
        """Make a release of what was made, and show it."""

        def effect(event: EventRow) -> None:
            if event.run is None:
                raise Refusal("nothing-made")
            make_release(request, event, asker.id)

        return act(request, asker, sent, slug, "published", effect)

    @router.post(f"{AT}/e/{{slug}}/show")
    def console_show(request: Request, slug: Slug, sent: Form, asker: Showing) -> Response:
        """Show the release of this number: an earlier one, or one that was withdrawn."""

        def effect(event: EventRow) -> None:
            number = _number(sent, "release")
            if number is None or releases.load(engine, event.id, number) is None:
                raise Refusal("no-release")
            release.point(console.place, event.id, number, asker.id)

        return act(request, asker, sent, slug, "shown", effect)

    @router.post(f"{AT}/e/{{slug}}/withdraw")
    def console_withdraw(request: Request, slug: Slug, sent: Form, asker: Showing) -> Response:
        """Show nothing of it any more."""

        def effect(event: EventRow) -> None:
            if event.state == "draft":
                raise Refusal("never-shown")
            release.withdraw(console.place, event.id, asker.id)

        return act(request, asker, sent, slug, "withdrawn", effect)

    @router.post(f"{AT}/e/{{slug}}/compare")
    def console_compare(request: Request, slug: Slug, sent: Form, asker: Showing) -> Response:
        """Show half of the visitors another title or cover of a film."""

        def effect(event: EventRow) -> None:
            path, channel, cover = (sent.get(name, "")[:200] for name in ("path", "channel", "cover"))
            title = sent.get("title", "")[:TITLE]
            row = begin(console.place, event, path, channel=channel[:60], title=title, cover=cover, by=asker.id)
            audit.note(engine, asker.id, "experiment.begin", row.id, client_of(request), path=path)

        return act(request, asker, sent, slug, "compare", effect)

    @router.post(f"{AT}/e/{{slug}}/compare-stop")
    def console_compare_stop(request: Request, slug: Slug, sent: Form, asker: Showing) -> Response:
        """End an experiment, or show the other one of one that has ended."""

        def effect(event: EventRow) -> None:
            row = experiments.find(engine, sent.get("experiment", "")[:24])
            if row is None or row.event_id != event.id or sent.get("keep") not in ("a", "b"):
                raise Refusal("no-experiment")
            keep: Variant = "b" if sent["keep"] == "b" else "a"
            stop(console.place, row, keep, now())
            audit.note(engine, asker.id, "experiment.stop", row.id, client_of(request), keep=keep)

        return act(request, asker, sent, slug, "compared", effect)

    return router


def _keep(console: Console, event: EventRow, sent: dict[str, str]) -> tuple[Span, ...]:
    """The stretch the form asks for; none when it asks to make the event as it is wished."""
    if not any(sent.get(name) for name in ("start", "end", "cut")):
        return ()
    start, end = _number(sent, "start"), _number(sent, "end")
    if start is None or end is None or not proposal(console, event, start, end, sent.get("cut", "")):
        raise Refusal("no-proposal")
    return (Span(start=start, end=end),)


def _number(sent: dict[str, str], name: str) -> int | None:
    text = sent.get(name, "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else None


def _why(fault: Exception, request: Request) -> tuple[str, int]:
    """The fault in words, and the status of an answer that says so."""
    tongue = tongue_of(request)
    words = wording(tongue)
    if isinstance(fault, Problem):
        if fault.kind == "not-found":
            raise fault
        return said(fault.kind, "zh" if tongue.code == "zh" else "en", fault.about), KINDS[fault.kind].status
    if isinstance(fault, Taken):
        return words.say("fault.working"), 409
    if isinstance(fault, Refusal):
        return words.say(f"fault.{fault}"), 409
    return words.say("fault.other", why=str(fault)), 409
