"""The application: every router over one workplace, behind one shield."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, nullcontext
from typing import Any

from fastapi import FastAPI
from fastapi.middleware.cors import CORSMiddleware
from fastapi.routing import APIRoute
from starlette.types import ASGIApp
from uvicorn.middleware.proxy_headers import ProxyHeadersMiddleware

from repurpose import __version__
from repurpose.ingest.watch_folder import WatchFolder
from repurpose.pipeline.workplace import Workplace
from repurpose.track.writer import Writer
from repurpose.web import console, site
from repurpose.web.accounts import accounts
from repurpose.web.api import api
from repurpose.web.api.ranked import Ranked
from repurpose.web.beacon import Beacon, told
from repurpose.web.bounded import Bounded
from repurpose.web.consent import router as consent
from repurpose.web.limits import Limits, Rule
from repurpose.web.media import media
from repurpose.web.problems import ProblemDetails, answer_problems
from repurpose.web.runner import Runner
from repurpose.web.settling import Settling
from repurpose.web.shield import Shield
from repurpose.web.streams import streams
from repurpose.web.telling import relay_of
from repurpose.web.viewing import Door
from repurpose.web.watching import Watching, log_happened
from repurpose.web.writing import Writers

BODY = 1 << 20  # bytes of a request that is no upload
UPLOADS = "/api/v1/uploads/"  # those have a length of their own
ABOUT = """\
Publish and read everything a webinar replay was made into.

Send an API key as `Authorization: Bearer rp_live_...`. Times of rows are milliseconds since 1970, times in a recording are
milliseconds of its clock. Errors are `application/problem+json`; `type` names the kind, `detail` is for a person, in the
language of `Accept-Language` (en, zh). Lists come in pages: pass `next` of one as `after` to get the following one. What
carries an `ETag` takes `If-Match` on a change. A request that changes something may carry an `Idempotency-Key`: for 24 hours
the same request with the same key is answered as before and has no second effect.
"""


def create_app(place: Workplace, watched: WatchFolder | None = None) -> FastAPI:
    """The site, its media and the API over an open workplace. While the application is up, the runner works, on what is
    dropped into `watched` too, and the relay sends what lies in the outbox."""
    settings = place.settings

    @asynccontextmanager
    async def alive(app: FastAPI) -> AsyncIterator[None]:
        runner: Runner = app.state.runner
        watching = Watching(place, watched, runner.call, log_happened) if watched else nullcontext()
        with app.state.views, runner, relay_of(place), Settling(place), watching:
            yield

    app = FastAPI(
        title="Repurpose",
        version=__version__,
        description=ABOUT,
        openapi_url="/api/v1/openapi.json",
        docs_url=None,  # it would load its scripts from elsewhere
        redoc_url=None,
        lifespan=alive,
        generate_unique_id_function=_operation,
        separate_input_output_schemas=False,
    )
    app.state.place, app.state.settings, app.state.engine = place, settings, place.engine
    app.state.limits, app.state.runner, app.state.writers = Limits(), Runner(place), Writers()
    app.state.views, app.state.door = Writer(place.engine, told), Door(place.engine, settings)
    app.state.watchers, app.state.standing = 0, Ranked(place)
    app.state.api_rule = Rule("api", settings.api_rate, 10)
    answer_problems(app, console.error_page)
    app.include_router(media)
    app.include_router(streams)
    app.include_router(accounts)
    app.include_router(api)
    app.include_router(consent)
    app.include_router(console.router(place, app.state.standing))
    app.include_router(site.router(place))
    app.openapi = lambda: _documented(app)  # type: ignore[method-assign]
    if settings.origins:
        app.add_middleware(
            CORSMiddleware,
            allow_origins=list(settings.origins),
            allow_methods=["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"],
            allow_headers=["*"],
            expose_headers=["ETag", "Location", "X-Request-ID", "Retry-After", "Upload-Offset", "Tus-Resumable"],
        )
    app.add_middleware(Bounded, limit=BODY, free=UPLOADS)
    app.add_middleware(Shield)
    return app


def fronted(app: FastAPI) -> ASGIApp:
    """`app` as it is served: views are taken in front of all the rest, for there are many of them and their answers have no
    body to guard; X-Forwarded-For and -Proto are believed from the proxies of the settings, and from no other address."""
    settings, state = app.state.settings, app.state
    rule = Rule("views", settings.view_rate, 60)
    served: ASGIApp = Beacon(app, door=state.door, writer=state.views, limits=state.limits, rule=rule)
    return ProxyHeadersMiddleware(served, list(settings.proxies)) if settings.proxies else served  # type: ignore[arg-type,return-value]


def _operation(route: APIRoute) -> str:
    return route.name


def _documented(app: FastAPI) -> dict[str, Any]:
    if app.openapi_schema is None:
        made = FastAPI.openapi(app)
        schemas = made.setdefault("components", {}).setdefault("schemas", {})
        template = "#/components/schemas/{model}"
        for name, model in ProblemDetails.model_json_schema(ref_template=template).pop("$defs", {}).items():
            schemas.setdefault(name, model)
        whole = ProblemDetails.model_json_schema(ref_template=template)
        whole.pop("$defs", None)
        schemas["ProblemDetails"] = whole
        for unused in ("HTTPValidationError", "ValidationError"):
            schemas.pop(unused, None)
        app.openapi_schema = made
    return app.openapi_schema
