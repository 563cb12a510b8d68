"""Answers that say what went wrong, as application/problem+json (RFC 9457), in the reader's language."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from http import HTTPStatus
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from pydantic import BaseModel, Field
from starlette.exceptions import HTTPException
from starlette.responses import JSONResponse, Response

from repurpose.errors import Taken, UserError
from repurpose.web.held import NO_STORE
from repurpose.web.wording import KINDS, language_of, said

log = logging.getLogger("repurpose.web")
TYPE = "application/problem+json"
BY_STATUS = {
    400: "bad-request", 401: "sign-in", 403: "cross-site", 404: "not-found", 405: "no-method", 406: "not-acceptable",
    410: "gone", 413: "too-large", 415: "media-type", 429: "too-many", 503: "busy", 507: "no-room",
}  # fmt: skip


class Problem(Exception):
    """What was asked cannot be done: a kind of `wording.KINDS`, what its text speaks of, and headers to send with it."""

    def __init__(self, kind: str, headers: Mapping[str, str] | None = None, **about: object) -> None:
        super().__init__(kind)
        self.kind, self.headers, self.about = kind, dict(headers or {}), about


class Fault(BaseModel):
    """One field of a request that is not right."""

    field: str = Field(description="where it stands, such as `body.name` or `query.limit`")
    message: str


class ProblemDetails(BaseModel):
    """RFC 9457. `type` is stable and what a program should look at; `detail` is for a person, in their language."""

    type: str = Field(description="a path that names the kind of problem, such as `/problems/not-found`")
    title: str
    status: int
    detail: str
    request: str = Field(description="the id of this request, as in X-Request-ID")
    errors: list[Fault] = Field(default_factory=list)


ErrorPage = Callable[[Request, int], Response | None]


def answer_problems(app: FastAPI, page: ErrorPage | None = None) -> None:
    """Have `app` answer every error as a problem; `page` may answer those of people who read HTML."""

    def told(request: Request, problem: Problem, status: int = 0, errors: list[Fault] | None = None) -> Response:
        kind = KINDS[problem.kind]
        shown = page(request, status or kind.status) if page is not None and _reads_html(request) else None
        return shown or problem_response(request, problem, status, errors)

    async def known(request: Request, problem: Exception) -> Response:
        assert isinstance(problem, Problem)
        return told(request, problem)

    async def http(request: Request, fault: Exception) -> Response:
        assert isinstance(fault, HTTPException)
        kind = BY_STATUS.get(fault.status_code, "bad-request" if fault.status_code < 500 else "broken")
        about = {
            "why": fault.detail,
            "what": "page",
            "method": request.method,
            "limit": 1 << 20,
            "type": "application/json",
        }
        problem = Problem(kind, fault.headers, **about, seconds=1, request=request_id(request))
        return told(request, problem, fault.status_code)

    async def invalid(request: Request, fault: Exception) -> Response:
        assert isinstance(fault, RequestValidationError)
        errors = [Fault(field=".".join(map(str, one["loc"])), message=str(one["msg"])) for one in fault.errors()]
        return told(request, Problem("invalid"), errors=errors)

    async def refused(request: Request, fault: Exception) -> Response:
        return told(request, Problem("conflict" if isinstance(fault, Taken) else "refused", why=str(fault)))

    async def broken(request: Request, fault: Exception) -> Response:
        log.error("request %s broke", request_id(request), exc_info=fault)
        return told(request, Problem("broken", request=request_id(request)))

    app.add_exception_handler(Problem, known)
    app.add_exception_handler(HTTPException, http)
    app.add_exception_handler(RequestValidationError, invalid)
    app.add_exception_handler(UserError, refused)
    app.add_exception_handler(Exception, broken)


def problem_response(
    request: Request, problem: Problem, status: int = 0, errors: list[Fault] | None = None
) -> JSONResponse:
    """The problem as this request's answer."""
    kind = KINDS[problem.kind]
    language = language_of(request.headers.get("accept-language", ""))
    details = ProblemDetails(
        type=f"/problems/{problem.kind}",
        title=kind.title,
        status=status or kind.status,
        detail=said(problem.kind, language, problem.about),
        request=request_id(request),
        errors=errors or [],
    )
    headers = NO_STORE | {"content-language": "zh-CN" if language == "zh" else "en"} | problem.headers
    return JSONResponse(details.model_dump(mode="json"), details.status, headers, TYPE)


def documented(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """What a route's OpenAPI says of these answers."""
    schema = {"$ref": "#/components/schemas/ProblemDetails"}
    return {
        status: {"description": _title(status), "content": {TYPE: {"schema": schema}}}
        for status in sorted(set(statuses))
    }


def request_id(request: Request) -> str:
    """The id this request goes by in the log and in what is answered."""
    return str(request.scope.get("repurpose.request", ""))


def _title(status: int) -> str:
    return HTTPStatus(status).phrase if status != 460 else KINDS["checksum"].title


def _reads_html(request: Request) -> bool:
    path = request.url.path
    return not path.startswith("/api/") and "text/html" in request.headers.get("accept", "")
