"""Who asks too much, through a proxy, or from another site."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.web.served import served


@pytest.mark.slow
def test_too_many_requests_are_told_to_wait(tmp_path: Path) -> None:
    with served(tmp_path / "home", api_rate=5) as server, server.client("viewer") as viewer:
        answers = [viewer.get("/api/v1/me") for _ in range(12)]
        assert {answer.status_code for answer in answers} == {200, 429}
        assert int(answers[-1].headers["retry-after"]) >= 1
        with server.client("admin") as admin:  # each has a measure of its own
            assert admin.get("/api/v1/me").status_code == 200


@pytest.mark.slow
def test_who_asks_is_told_by_proxies_that_are_believed_and_by_no_other(tmp_path: Path) -> None:
    forged = {"x-forwarded-for": "203.0.113.9"}
    for proxies, believed in (((), False), (("127.0.0.0/8",), True)):
        with served(tmp_path / str(believed), proxies=proxies) as server:
            with server.client(headers=forged) as client:
                client.get("/api/v1/me")
            askers = {asker for _, asker in server.app.state.limits._seen}
            assert ("203.0.113.9" in askers) is believed


def test_other_sites_may_ask_when_they_are_listed(tmp_path: Path) -> None:
    with served(tmp_path / "home", origins=("https://www.example.com",)) as server, server.client("viewer") as viewer:
        for origin, allowed in (("https://www.example.com", True), ("https://evil.example", False)):
            answer = viewer.get("/api/v1/me", headers={"origin": origin})
            assert (answer.headers.get("access-control-allow-origin") == origin) is allowed
