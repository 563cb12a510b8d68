"""Events, what is handed in for them, and the runs that make everything of it."""

from __future__ import annotations

import base64
import json
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any, cast

import httpx

from repurpose.client.connection import AGAIN, Connection, error_of
from repurpose.client.shapes import Event, Page, Progress, Recording, Run

PIECE = 16 << 20  # bytes of an upload in one request


class Events(Connection):
    """`/events`, `/uploads` and `/runs`."""

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
                    raise error_of(answer)
        return resume
