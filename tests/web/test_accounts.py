"""Accounts: the first administrator, signing in and out, invitations, what another site cannot do."""

from __future__ import annotations

import re
from collections.abc import Iterator
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest

from repurpose.db import access, audit
from repurpose.web.accounts import first_link
from repurpose.web.who import COOKIE
from tests.web.served import Served, served

PASSWORD = "a long enough secret"


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    with served(tmp_path_factory.mktemp("accounts") / "home") as made:
        yield made


def cookie_of(answer: httpx.Response) -> str:
    return re.match(f"{COOKIE}=([^;]*)", answer.headers["set-cookie"])[1]  # type: ignore[index]


def signed_in(server: Served, email: str, password: str) -> httpx.Response:
    with server.client(headers={"sec-fetch-site": "same-origin"}) as client:
        return client.post("/login", data={"email": email, "password": password})


def test_the_first_administrator_comes_by_a_link_that_works_once(server: Served) -> None:
    link = first_link(server.place.engine, server.base)
    assert link is not None
    secret = parse_qs(urlsplit(link).query)["t"][0]
    with server.client(headers={"accept-language": "zh"}) as client:
        page = client.get(link)
        assert "设置账号" in page.text
        assert "<script" not in page.text
        assert page.headers["referrer-policy"] == "same-origin"
        sent = {"t": secret, "email": "Lin@Example.com", "name": "林晓", "password": PASSWORD}
        short = client.post("/welcome", data=sent | {"password": "short"})
        assert short.status_code == 422
        assert "至少需要 12" in short.text
        assert client.post("/welcome", data=sent | {"email": "no"}).status_code == 422
        assert client.post("/welcome", data=sent | {"password": "my name is 林晓 yes"}).status_code == 422
        made = client.post("/welcome", data=sent)
        assert (made.status_code, made.headers["location"]) == (303, "/account")
        flags = made.headers["set-cookie"]
        for flag in ("Secure", "HttpOnly", "Path=/", "SameSite=lax"):
            assert flag in flags
        assert client.post("/welcome", data=sent).status_code == 410
        assert client.get(link).status_code == 410
        account = client.get("/account", headers={"cookie": f"{COOKIE}={cookie_of(made)}"})
        assert "林晓" in account.text
    assert first_link(server.place.engine, server.base) is None
    user = access.user_of(server.place.engine, "lin@example.com")
    assert user is not None
    assert (user.role, str(user.password)[:9]) == ("admin", "$argon2id")


@pytest.mark.slow
def test_a_wrong_password_and_an_unknown_account_look_the_same(server: Served) -> None:
    wrong, unknown = signed_in(server, "lin@example.com", "x" * 12), signed_in(server, "who@example.com", "x" * 12)
    assert wrong.status_code == unknown.status_code == 401
    assert wrong.text == unknown.text
    good = signed_in(server, "LIN@example.com", PASSWORD)
    assert good.status_code == 303
    assert {"session.begin", "session.refuse", "ticket.first"} <= {
        row.action for row in audit.noted(server.place.engine)
    }
    server.app.state.limits._seen.clear()


@pytest.mark.slow
def test_guessing_is_slowed_down(server: Served) -> None:
    answers = [signed_in(server, "guess@example.com", "x" * 12).status_code for _ in range(12)]
    assert 429 in answers
    assert answers[:10] == [401] * 10
    server.app.state.limits._seen.clear()


@pytest.mark.slow
def test_where_one_goes_after_signing_in_is_on_this_site(server: Served) -> None:
    server.app.state.limits._seen.clear()
    for to in (
        "https://evil.example",
        "//evil.example",
        "/\\evil.example",
        "/\t/evil.example",
        "javascript:x",
        "",
        "/ x",
    ):
        with server.client() as client:
            answer = client.post("/login", data={"email": "lin@example.com", "password": PASSWORD, "next": to})
        assert answer.headers["location"] == "/account", to
        server.app.state.limits._seen.clear()


@pytest.mark.slow
def test_another_site_can_do_nothing_with_a_session(server: Served) -> None:
    session, csrf = server.session("admin")
    change = {"title": "By a browser"}
    with server.client(headers=session) as client:
        assert client.get("/api/v1/me").json()["csrf"] == csrf
        assert client.post("/api/v1/events", json=change).status_code == 403
        assert client.post("/api/v1/events", json=change, headers={"x-csrf-token": "x"}).status_code == 403
        ours = {"x-csrf-token": csrf}
        for foreign in ({"sec-fetch-site": "cross-site"}, {"origin": "https://evil.example"}, {"origin": "null"}):
            answer = client.post("/api/v1/events", json=change, headers=ours | foreign)
            assert (answer.status_code, answer.json()["type"]) == (403, "/problems/cross-site")
            assert client.post("/logout", data={"from": "there"}, headers=foreign).status_code == 403
        assert client.post("/api/v1/events", json=change, headers=ours).status_code == 201
        plain = ours | {"content-type": "text/plain"}
        assert client.post("/api/v1/events", content='{"title": "x"}', headers=plain).status_code == 422
        assert client.post("/logout", data={"from": "here"}).status_code == 303
        assert client.get("/api/v1/me").status_code == 401


def test_an_invited_person_comes_in_and_a_new_role_signs_them_out(server: Served) -> None:
    with server.client("admin") as admin:
        made = admin.post("/api/v1/users", json={"email": "zhou@example.com", "name": "Zhou", "role": "viewer"}).json()
        secret = parse_qs(urlsplit(made["invitation"]).query)["t"][0]
        with server.client() as client:
            came = client.post("/welcome", data={"t": secret, "password": PASSWORD})
            assert came.status_code == 303
            held = {"cookie": f"{COOKIE}={cookie_of(came)}"}
            assert client.get("/api/v1/me", headers=held).json()["scopes"] == ["read"]
            change = {"role": "editor"}
            assert admin.patch(f"/api/v1/users/{made['id']}", json=change).status_code == 200
            assert client.get("/api/v1/me", headers=held).status_code == 401
        again = admin.post("/api/v1/users", json={"email": "ZHOU@example.com", "name": "Z", "role": "viewer"})
        assert again.status_code == 409


def test_the_last_administrator_stays(server: Served) -> None:
    engine = server.place.engine
    with server.client("admin") as admin:
        admins = [user for user in access.all_users(engine) if user.role == "admin"]
        answers = [admin.patch(f"/api/v1/users/{one.id}", json={"state": "disabled"}).status_code for one in admins]
    assert answers == [200] * (len(admins) - 1) + [422]


def test_keys_are_told_once_and_can_be_revoked(server: Served) -> None:
    with server.client("admin") as admin:
        made = admin.post("/api/v1/keys", json={"name": "cms", "scopes": ["read"], "days": 1}).json()
        assert made["key"].startswith("rp_live_")
        assert made["key"] not in admin.get("/api/v1/keys").text
        row = access.key(server.place.engine, made["id"])
        assert row is not None
        assert made["key"] not in str(row)
        held = {"authorization": f"Bearer {made['key']}"}
        assert httpx.get(f"{server.base}/api/v1/me", headers=held).json()["scopes"] == ["read"]
        assert admin.delete(f"/api/v1/keys/{made['id']}").json()["revoked"]
        assert httpx.get(f"{server.base}/api/v1/me", headers=held).status_code == 401
