"""How the API is asked: with the key, and again when the connection breaks."""

from __future__ import annotations

import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from types import TracebackType
from typing import Any, Self

import httpx

from repurpose.errors import RepurposeError

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


class Connection:
    """The server at `base`, and the key it is asked with."""

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

    def _ask(self, method: str, path: str, body: dict[str, Any] | None = None, **how: Any) -> Any:
        return self._send(method, path, body, **how).json()

    @contextmanager
    def _stream(self, path: str, **how: Any) -> Iterator[httpx.Response]:
        with self._http.stream("GET", f"/api/v1{path}", **how) as answer:
            if answer.status_code != 200:
                answer.read()
                raise error_of(answer)
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
            error = error_of(answer)
            waits = answer.status_code in AGAIN or error.kind == "/problems/in-flight"
            if not waits or attempt == TRIES:
                raise error
            time.sleep(float(answer.headers.get("retry-after", 0.2 * 2**attempt)))
        raise AssertionError("unreachable")


def error_of(answer: httpx.Response) -> ApiError:
    """What the API said was wrong."""
    try:
        return ApiError(answer.status_code, answer.json())
    except ValueError:
        return ApiError(answer.status_code, {"title": answer.reason_phrase, "detail": answer.text[:500]})
