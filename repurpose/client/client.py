"""The calls, one method each."""

from __future__ import annotations

import base64
import json
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType
from typing import Any, Self, cast

import httpx

from repurpose.client.shapes import (
    Asset,
    Endpoint,
    Event,
    Found,
    Known,
    Link,
    Message,
    NewEndpoint,
    Page,
    Person,
    Progress,
    Publications,
    Recording,
    Release,
    Run,
    ScoredLead,
    WholeLead,
)
from repurpose.errors import RepurposeError

PIECE = 16 << 20  # bytes of an upload in one request
TRIES = 6  # of a request that came to nothing; each may have had its effect, so each carries the same Idempotency-Key
AGAIN = (429, 502, 503, 504)  # and 409 while the first is still at it


class ApiError(RepurposeError):
    """The API refused: its status, and the problem as it told it (RFC 9457)."""

    def __init__(self, status: int, problem: dict[str, Any]) -> None:
        super().__init__(f"{status} {problem.get('title', '')}: {problem.get('detail', '')}")
        self.status, self.problem = status, problem

    @property
    def kind(self) -> str:
        """What a program should look at, such as `/problems/not-found`."""
        return str(self.problem.get("type", ""))


class Client:
    """The API at `base`, asked with the key `key`. Changes are tried again safely when the connection breaks."""

    def __init__(self, base: str, key: str, *, timeout_s: float = 60.0) -> None:
        self._http = httpx.Client(
            base_url=base.rstrip("/"), headers={"authorization": f"Bearer {key}"}, timeout=timeout_s
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._http.close()

    # -- events, recordings, runs --------------------------------------------------------------------------------------

    def create_event(self, title: str, **more: Any) -> Event:
        """A draft; `slug`, `language`, `date`, `about` and `site` may be given."""
        return cast(Event, self._ask("POST", "/events", {"title": title, **more}))

    def event(self, event_id: str) -> Event:
        return cast(Event, self._ask("GET", f"/events/{event_id}"))

    def events(self, **query: Any) -> Page[Event]:
        """One page, the newest first; `state`, `limit` and `after` may be given."""
        return cast("Page[Event]", self._ask("GET", "/events", query=query))

    def change_event(self, event: Event, **fields: Any) -> Event:
        """Change it, unless somebody changed it since `event` was read (ApiError 412)."""
        path, headers = f"/events/{event['id']}", {"if-match": f'"{event["updated"]}"'}
        return cast(Event, self._ask("PATCH", path, fields, headers=headers))

    def add_recording(self, event_id: str, upload: str = "", *, path: str = "", kind: str = "recording") -> Recording:
        """Hand in an upload, or a file in a folder the server may take from."""
        source = {"upload": upload} if upload else {"path": path}
        return cast(Recording, self._ask("POST", f"/events/{event_id}/recordings", {"kind": kind, **source}))

    def choose(self, event_id: str, *, keep: list[Any] | None = None, drop: list[Any] | None = None) -> dict[str, Any]:
        """Stretches ({"start", "end"} in ms) that every version must have, and that none may."""
        body = {"keep": keep or [], "drop": drop or []}
        return cast("dict[str, Any]", self._ask("PUT", f"/events/{event_id}/choices", body))

    def start_run(self, event_id: str, cuts: list[str] | None = None) -> Run:
        """Have everything made, or only these cuts."""
        return cast(Run, self._ask("POST", f"/events/{event_id}/runs", {"cuts": cuts or []}))

    def run(self, event_id: str, cuts: list[str] | None = None) -> Iterator[Progress]:
        """Start a run and tell of its progress until it has ended."""
        yield from self.progress(self.start_run(event_id, cuts)["id"])

    def run_state(self, run_id: str) -> Run:
        return cast(Run, self._ask("GET", f"/runs/{run_id}"))

    def cancel_run(self, run_id: str) -> Run:
        return cast(Run, self._ask("POST", f"/runs/{run_id}/cancel"))

    def progress(self, run_id: str) -> Iterator[Progress]:
        """The run's progress as it happens, until it has ended. A connection that breaks is taken up again."""
        told: Progress | None = None
        while told is None or told["state"] in ("waiting", "working"):
            try:
                with self._stream(f"/runs/{run_id}/progress", timeout=60) as answer:
                    for line in answer.iter_lines():
                        if line.startswith("data:"):
                            told = cast(Progress, json.loads(line.removeprefix("data:")))
                            yield told
            except httpx.TransportError:
                time.sleep(1)

    # -- what was made, and what is shown ------------------------------------------------------------------------------

    def assets(self, event_id: str, release: int | None = None) -> list[Asset]:
        """The files of the release that is shown, or of this one."""
        query = {} if release is None else {"release": release}
        return cast("list[Asset]", self._ask("GET", f"/events/{event_id}/assets", query=query)["items"])

    def download(self, asset: Asset, to: Path) -> Path:
        """The asset's file, at `to`."""
        with self._stream(f"/assets/{asset['id']}/content") as answer, to.open("wb") as file:
            for piece in answer.iter_bytes():
                file.write(piece)
        return to

    def publish(self, event_id: str, *, show: bool = True) -> Release:
        """Make a release of what was made, and show it."""
        return cast(Release, self._ask("POST", f"/events/{event_id}/publications", {"show": show}))

    def publications(self, event_id: str) -> Publications:
        return cast(Publications, self._ask("GET", f"/events/{event_id}/publications"))

    def rollback(self, event_id: str, release: int | None = None) -> Publications:
        """Show the release before, or this one."""
        return cast(Publications, self._ask("POST", f"/events/{event_id}/rollback", {"release": release}))

    def withdraw(self, event_id: str) -> Publications:
        """Show nothing of it any more."""
        return cast(Publications, self._ask("POST", f"/events/{event_id}/withdraw"))

    def create_person(self, name: str, slug: str, **more: Any) -> Person:
        """Give someone a smart card."""
        return cast(Person, self._ask("POST", "/people", {"name": name, "slug": slug, **more}))

    def choose_content(self, person_id: str, events: list[str]) -> Person:
        """What a card shows first."""
        return cast(Person, self._ask("PUT", f"/people/{person_id}/content", {"events": events}))

    def card(self, slug: str) -> dict[str, Any]:
        """A card and what it shows, for other card programs."""
        return cast("dict[str, Any]", self._ask("GET", f"/cards/{slug}"))

    def feed(self, **query: Any) -> dict[str, Any]:
        """What is published, the newest first."""
        return cast("dict[str, Any]", self._ask("GET", "/feed", query=query))

    def create_link(self, kind: str, **target: Any) -> Link:
        """A short link to an `event`, `asset`, `person` (a card) or `url`, through a `channel`."""
        return cast(Link, self._ask("POST", "/links", {"kind": kind, **target}))

    def search(self, words: str, **query: Any) -> list[Found]:
        """Where the words stand in what is published."""
        return cast("list[Found]", self._ask("GET", "/search", query={"q": words, **query})["items"])

    # -- who is told -----------------------------------------------------------------------------------------------------

    def create_endpoint(self, address: str, types: list[str], **more: Any) -> NewEndpoint:
        """Have an address told of these; `kind` (webhook, wecom, mail), `name` and `language` may be given. Keep its `secret`."""
        return cast(NewEndpoint, self._ask("POST", "/endpoints", {"address": address, "types": types, **more}))

    def endpoints(self, **query: Any) -> Page[Endpoint]:
        return cast("Page[Endpoint]", self._ask("GET", "/endpoints", query=query))

    def endpoint(self, endpoint_id: str) -> Endpoint:
        return cast(Endpoint, self._ask("GET", f"/endpoints/{endpoint_id}"))

    def change_endpoint(self, endpoint: Endpoint, **fields: Any) -> Endpoint:
        """Change it, unless somebody changed it since `endpoint` was read (ApiError 412)."""
        path, headers = f"/endpoints/{endpoint['id']}", {"if-match": f'"{endpoint["updated"]}"'}
        return cast(Endpoint, self._ask("PATCH", path, fields, headers=headers))

    def delete_endpoint(self, endpoint_id: str) -> Endpoint:
        return cast(Endpoint, self._ask("DELETE", f"/endpoints/{endpoint_id}"))

    def renew_secret(self, endpoint_id: str) -> NewEndpoint:
        """A new secret; for a day the one before it signs too."""
        return cast(NewEndpoint, self._ask("POST", f"/endpoints/{endpoint_id}/secret"))

    def messages(self, endpoint_id: str, **query: Any) -> Page[Message]:
        """What it was and will be told, the newest first; `state`, `limit` and `after` may be given."""
        return cast("Page[Message]", self._ask("GET", f"/endpoints/{endpoint_id}/messages", query=query))

    def replay(self, endpoint_id: str, *, message: str = "", since: int = 0) -> int:
        """Send one message once more, or all that were given up since a moment; how many."""
        path = f"/endpoints/{endpoint_id}/messages/{message}/replay" if message else f"/endpoints/{endpoint_id}/replay"
        return int(self._ask("POST", path, None if message else {"since": since})["messages"])

    # -- leads -----------------------------------------------------------------------------------------------------------

    def leads(self, **query: Any) -> Page[ScoredLead]:
        """One page, the newest first, or with `sort="score"` the highest score; `event`, `stage`, `min_score`, `segment`,
        `limit` and `after` may be given."""
        return cast("Page[ScoredLead]", self._ask("GET", "/leads", query=query))

    def lead(self, lead_id: str) -> WholeLead:
        """One lead, or the one it was merged into."""
        return cast(WholeLead, self._ask("GET", f"/leads/{lead_id}"))

    def identify(self, keys: dict[str, str], **more: Any) -> Known:
        """Say who somebody is, by kind of identifier: {"crm": "7", "email": "a@example.com"}. `visitor`, `event`, `at`,
        `about`, `attended`, `verified`, `source` and `ref` may be given."""
        named = [{"kind": kind, "value": value} for kind, value in keys.items()]
        return cast(Known, self._ask("POST", "/leads/identify", {"keys": named, **more}))

    def erase_lead(self, lead_id: str) -> None:
        """Forget a person for good."""
        self._send("DELETE", f"/leads/{lead_id}")

    def merge_leads(self, lead_id: str, into: str, reason: str) -> str:
        """From now on `into` stands for both; its id."""
        return str(self._ask("POST", f"/leads/{lead_id}/merge", {"into": into, "reason": reason})["lead"])

    def unmerge_lead(self, lead_id: str, reason: str) -> str:
        """It stands for itself again; its id."""
        return str(self._ask("POST", f"/leads/{lead_id}/unmerge", {"reason": reason})["lead"])

    # -- uploads -------------------------------------------------------------------------------------------------------

    def upload(self, path: Path, resume: str = "") -> str:
        """Send a file by tus, going on where a broken connection left off; the id to hand it in by.

        `resume` is the id of an upload begun before.
        """
        length, tus = path.stat().st_size, {"tus-resumable": "1.0.0"}
        if not resume:
            named = base64.b64encode(path.name.encode()).decode()
            headers = tus | {"upload-length": str(length), "upload-metadata": f"filename {named}"}
            resume = self._send("POST", "/uploads", headers=headers).headers["location"].rpartition("/")[2]
        place = f"/uploads/{resume}"
        with path.open("rb") as file:
            while (offset := int(self._send("HEAD", place, headers=tus).headers["upload-offset"])) < length:
                file.seek(offset)
                kind = {"content-type": "application/offset+octet-stream", "upload-offset": str(offset)}
                try:
                    answer = self._http.patch(f"/api/v1{place}", content=file.read(PIECE), headers=tus | kind)
                except httpx.TransportError:
                    continue  # HEAD says how much of it arrived
                if answer.status_code not in (204, 409, *AGAIN):
                    raise _error(answer)
        return resume

    # -- how ------------------------------------------------------------------------------------------------------------

    def _ask(self, method: str, path: str, body: dict[str, Any] | None = None, **how: Any) -> Any:
        return self._send(method, path, body, **how).json()

    @contextmanager
    def _stream(self, path: str, **how: Any) -> Iterator[httpx.Response]:
        with self._http.stream("GET", f"/api/v1{path}", **how) as answer:
            if answer.status_code != 200:
                answer.read()
                raise _error(answer)
            yield answer

    def _send(
        self,
        method: str,
        path: str,
        body: dict[str, Any] | None = None,
        *,
        query: dict[str, Any] | None = None,
        headers: dict[str, str] | None = None,
    ) -> httpx.Response:
        once = {} if method in ("GET", "HEAD") else {"idempotency-key": uuid.uuid4().hex}
        for attempt in range(1, TRIES + 1):
            try:
                answer = self._http.request(
                    method, f"/api/v1{path}", json=body, params=query, headers=once | (headers or {})
                )
            except httpx.TransportError:
                if attempt == TRIES:
                    raise
                time.sleep(0.2 * 2**attempt)
                continue
            if answer.is_success:
                return answer
            error = _error(answer)
            waits = answer.status_code in AGAIN or error.kind == "/problems/in-flight"
            if not waits or attempt == TRIES:
                raise error
            time.sleep(float(answer.headers.get("retry-after", 0.2 * 2**attempt)))
        raise AssertionError("unreachable")


def _error(answer: httpx.Response) -> ApiError:
    try:
        return ApiError(answer.status_code, answer.json())
    except ValueError:
        return ApiError(answer.status_code, {"title": answer.reason_phrase, "detail": answer.text[:500]})
