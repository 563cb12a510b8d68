"""Who may ask for what: every route of the application x everyone who may ask, and what each of them must never see.

The routes are read from the application, so that a new one without a line here is seen.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import httpx
import pytest
from sqlalchemy import text

from repurpose.db import (
    access,
    brands,
    endpoints,
    events,
    experiments,
    links,
    orders,
    people,
    recordings,
    releases,
    submissions,
    uploads,
)
from repurpose.db.assets import of_release
from repurpose.db.session import Database, reading
from repurpose.leads.known import Sighting, identify
from repurpose.leads.vault import vault_of
from repurpose.models import Choices, Event
from repurpose.presets import BrandPreset
from repurpose.web.who import COOKIE, MAY, hashed, new_key
from tests.web.served import ROLES, Served, published, served

# What each route takes. "": everyone may ask, and is told nothing that is not published; "key": any key or session.
TAKES = {
    name: scope
    for scope, names in {
        "": """openapi file stream style login_page login logout account welcome_page welcome describe_uploads home find event form
            get share card contact photo photo_square wechat_code look embed link picture robots sitemap feed podcast oembed static
            square sign_page beacon choose""",
        "key": "get_me",
        "read": """list_events get_event get_choices list_recordings list_runs get_run watch_run list_assets get_asset
            get_content list_publications list_people get_person read_feed read_card list_links get_link search_events get_heat
            list_brands get_brand list_experiments get_experiment get_asset_heat console_events console_event console_file""",
        "leads": """list_submissions get_visitor_heat get_score tell_stage list_stages list_leads get_lead identify_lead confirm_browser
            list_conflicts console_leads console_lead""",
        "ingest": """console_run console_stop create_event change_event put_choices add_recording start_run cancel_run create_upload head_upload
            get_upload patch_upload delete_upload put_brand delete_brand put_brand_file delete_brand_file""",
        "publish": """publish_event show_release rollback_event withdraw_event create_person change_person choose_content
            create_link revoke_link create_view_token console_publish console_show console_withdraw
            begin_experiment stop_experiment console_compare console_compare_stop""",
        "admin": """list_keys create_key revoke_key list_users create_user get_user change_user invite_user read_audit
            list_endpoints create_endpoint get_endpoint change_endpoint delete_endpoint renew_secret list_messages
            replay_messages replay_message merge_lead unmerge_lead settle_conflict erase_lead""",
    }.items()
    for name in names.split()
}
SCOPES = ("read", "ingest", "publish", "leads", "admin")
TUS = {"tus-resumable": "1.0.0", "upload-length": "5", "upload-offset": "0"}
# Words that stand in one kind of rows, and the scopes with which one of them may be read. A release's words are for all.
SECRETS = {
    "secret-draft": {"read"}, "secret-withdrawn": {"read"}, "secret-name-of-a-file": {"read"}, "secret-person": {"read"},
    "secret-lead": {"leads"}, "secret-known": {"leads"}, "secret-account": {"admin"}, "secret-key": {"admin"}, "secret-upload": set(),
    "secret-endpoint": {"admin"}, "secret-brand": {"read"}, "secret-title": {"read"},
}  # fmt: skip


def routes(app: Any) -> list[tuple[str, str, str]]:
    """(method, path, name) of everything the application answers."""
    found = [
        (method, route.path, route.name) for route in app.routes if hasattr(route, "path") for method in route.methods
    ]
    for part in app.routes:
        if hasattr(part, "effective_route_contexts"):
            found += [(method, one.path, one.name) for one in part.effective_route_contexts() for method in one.methods]
    return sorted(found)


@pytest.fixture(scope="module")
def at(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    """A server with something of everything, each thing with a word of its own in it."""
    folder = tmp_path_factory.mktemp("access")
    with served(folder / "home") as server:
        yield SimpleNamespace(server=server, askers=askers(server), ids=ids(server))


def ids(server: Served) -> dict[str, dict[str, str]]:
    """What is really there, by the kind of thing; for each what the names in paths stand for."""
    engine, store = server.place.engine, server.place.store
    shown = published(server.place)
    draft = events.create(engine, slug="draft", title="secret-draft")
    orders.put_wish(engine, draft.id, about=Event(name="draft", title="secret-draft"), choices=Choices())
    withdrawn = published(server.place, "withdrawn", title="secret-withdrawn", film="withdrawn")
    releases.withdraw(engine, withdrawn.id)
    file = store.put_bytes(b"secret-name-of-a-file", ".mp4")
    recordings.add(engine, draft.id, "recording", "secret-name-of-a-file.mp4", file, "test")
    run = orders.place(engine, draft.id, (), "test")
    orders.cancel(engine, run.id)
    submissions.add(engine, shown.id, {"email": "secret-lead@example.com"}, visitor="", link=None, consent=None)
    gone = people.create(engine, slug="secret-person", name="secret-person", company="x")
    people.change(engine, gone.id, state="left")
    account = access.add_user(engine, "secret-account@example.com", "secret-account", "viewer")
    key = new_key(engine, "secret-key", frozenset({"read"}), "test")[0]
    told = endpoints.add(engine, "mail", "secret-endpoint@example.com", types=["event.published"], by="test")
    endpoints.change(engine, told.id, state="disabled")  # it would be sent to, and its rows change
    compared = experiments.begin(engine, draft.id, "replay.mp4", ("", ""), ("secret-title", ""), most=4, by="test")
    brands.put(engine, BrandPreset.model_validate({"name": "secret-brand"}), {}, "test")
    upload = uploads.create(engine, "ke_of_another", 5, {"filename": "secret-upload.mp4"}, ".mp4", 3_600_000)
    lead = lead_of(server, "secret-known", shown.id)
    ticket = {"t": "wrong", "held": "1.wrong"}
    package = releases.of_event(engine, shown.id)[0].package
    return {
        name: ticket | {
            "event_id": event.id, "slug": event.slug, "run_id": run.id, "person_id": gone.id, "user_id": account.id,
            "key_id": key.id, "upload_id": upload.id, "endpoint_id": told.id, "message_id": "ms_" + "a" * 20,
            "lead_id": lead, "package": package, "conflict_id": "1", "number": "1", "width": "480", "path": "cuts/15s-1.vertical.mp4",
            "code": links.make(engine, "event", by="test", event_id=event.id).code,
            "asset_id": next((one.id for one in of_release(engine, event.id, 1)), "as_" + "a" * 20),
            "name": "15s-1.vertical.mp4", "brand": "secret-brand", "file": "logo",
            "experiment_id": compared.id if compared else "",
        }
        for name, event in (("shown", shown), ("draft", draft), ("withdrawn", withdrawn))
    }  # fmt: skip


def lead_of(server: Served, name: str, event: str) -> str:
    """A lead of this name."""
    told = Sighting("form", (("email", f"{name}@example.com"),), event_id=event, about={"name": name})
    place = server.place
    return str(identify(place.engine, vault_of(place.engine, place.settings), [told])[0].lead)


def askers(server: Served) -> dict[str, tuple[dict[str, str], set[str] | None]]:
    """Who asks: the headers they send, and the scopes these give them; None for those whom nobody knows (any more)."""
    engine = server.place.engine
    made: dict[str, tuple[dict[str, str], set[str] | None]] = {"nobody": ({}, None)}
    for role in ROLES:
        cookie, csrf = server.session(role)
        made[f"{role}, signed in"] = cookie | {"x-csrf-token": csrf}, set(MAY[role])
        made[f"{role}'s key"] = bearer(server.keys[role]), set(MAY[role])
    for scope in SCOPES:
        row, given = new_key(engine, scope, frozenset({scope}), "test")  # type: ignore[arg-type]
        made[f"key for {scope}"] = bearer(given), {scope}
    row, given = new_key(engine, "revoked", frozenset(access.SCOPES), "test")
    access.revoke_key(engine, row.id)
    made["revoked key"] = bearer(given), None
    access.add_key(engine, "ke_ended", "ended", hashed("rp_live_ke_ended.x"), set(access.SCOPES), "test", 1)
    made["ended key"] = bearer("rp_live_ke_ended.x"), None
    made["somebody's id for a key"] = bearer(f"rp_live_{row.id}."), None
    user = access.add_user(engine, "disabled@example.com", "disabled", "admin")
    access.open_session(engine, user.id, hashed("disabled"), "csrf", "", 3_600_000)
    access.change_user(engine, user.id, state="disabled")
    made["disabled account"] = {"cookie": f"{COOKIE}=disabled", "x-csrf-token": "csrf"}, None
    user = access.add_user(engine, "ended@example.com", "ended", "admin")
    access.open_session(engine, user.id, hashed("ended"), "csrf", "", 1)
    made["ended session"] = {"cookie": f"{COOKIE}=ended", "x-csrf-token": "csrf"}, None
    return made


def bearer(key: str) -> dict[str, str]:
    return {"authorization": f"Bearer {key}"}


def may(scopes: set[str] | None, wanted: str) -> bool:
    return wanted == "" or (scopes is not None and (wanted == "key" or wanted in scopes or "admin" in scopes))


def filled(path: str, names: dict[str, str]) -> str:
    return re.sub(r"\{(\w+)(?::\w+)?\}", lambda found: names[found[1]], path)


def rows(engine: Database) -> dict[str, list[Any]]:
    """Everything that is written down, but for when someone was last seen and what short links a page made."""
    with reading(engine) as connection:
        names = [name for (name,) in connection.execute(text("select name from sqlite_master where type = 'table'"))]
        kept = [name for name in names if not name.startswith(("sqlite_", "passages", "sessions", "api_keys", "links"))]
        return {name: [tuple(row) for row in connection.execute(text(f"select * from {name}"))] for name in kept}


def test_every_route_is_told_of(at: Any) -> None:
    assert {name for *_, name in routes(at.server.app)} - set(TAKES) == set(), "a route is new: say above what it takes"


@pytest.mark.slow
def test_who_may_not_is_refused_and_changes_nothing(at: Any) -> None:
    """With the ids of what is really there, so that only the missing right stands between."""
    before, asked = rows(at.server.place.engine), 0
    with at.server.client() as client:
        for method, path, name in routes(at.server.app):
            for who, (headers, scopes) in at.askers.items():
                if may(scopes, TAKES[name]):
                    continue
                for names in at.ids.values():
                    answer = ask(client, method, filled(path, names), headers)
                    asked += 1
                    wanted = 403 if scopes is not None else 401
                    assert answer.status_code == wanted, (who, method, path, answer.status_code)
                    assert not [word for word in SECRETS if word in answer.text], (who, method, path)
    after = rows(at.server.place.engine)
    assert after == before, [name for name in after if after[name] != before[name]]
    assert asked > 1500


@pytest.mark.slow
def test_who_may_is_answered_and_told_no_more_than_that(at: Any) -> None:
    """Reading asks for what is there; changing asks for what is not, so that nothing changes for the next."""
    nothing = {name: re.sub("[a-z2-7]{20}$", "a" * 20, one) for name, one in at.ids["shown"].items()}
    nothing |= {"slug": "none", "brand": "nobody"}
    with at.server.client() as client:
        for method, path, name in routes(at.server.app):
            if name == "logout":  # it would end the sessions of the others' turns
                continue
            for who, (headers, scopes) in at.askers.items():
                if not may(scopes, TAKES[name]):
                    continue
                for kind, names in at.ids.items() if method in ("GET", "HEAD") else (("nothing", nothing),):
                    answer = ask(client, method, filled(path, names), headers)
                    if TAKES[name]:
                        assert answer.status_code not in (401, 403, 405), (who, method, path, answer.text)
                    assert answer.status_code < 500, (who, method, path, answer.text)
                    if TAKES[name] == "" and kind != "shown" and ("{slug}" in path or "{asset_id}" in path):
                        assert answer.status_code in (403, 404, 410, 422), (who, method, path, kind, answer.status_code)
                    held = SCOPES if scopes and "admin" in scopes else (scopes or set()) if TAKES[name] else set()
                    leaks = [word for word, takes in SECRETS.items() if word in answer.text and not takes & set(held)]
                    assert not leaks, (who, method, path, kind, leaks)


@pytest.mark.slow
def test_a_session_changes_nothing_without_its_token(at: Any) -> None:
    with at.server.client() as client:
        for method, path, name in routes(at.server.app):
            if TAKES[name] == "" or method in ("GET", "HEAD", "OPTIONS"):
                continue
            for role in ROLES:
                headers, _ = at.askers[f"{role}, signed in"]
                others = {**headers, "x-csrf-token": f"csrf of {ROLES[ROLES.index(role) - 1]}"}
                bare = {key: value for key, value in headers.items() if key != "x-csrf-token"}
                foreign = headers | {"sec-fetch-site": "cross-site"}
                for given in (others, bare, foreign, headers | {"origin": "https://evil.example"}):
                    answer = ask(client, method, filled(path, at.ids["shown"]), given)
                    assert (answer.status_code, answer.json()["type"]) == (403, "/problems/cross-site"), (role, path)


def ask(client: httpx.Client, method: str, path: str, headers: dict[str, str]) -> httpx.Response:
    """One request, with a body that would do where one is taken."""
    if "/api/" not in path and method == "POST":
        return client.request(method, path, headers=headers, data={"email": "x@example.com", "password": "x", "t": "x"})
    kind = "application/offset+octet-stream" if "/uploads/" in path and method == "PATCH" else "application/json"
    body = b"12345" if "/uploads/" in path else b"{}"
    content = body if method in ("POST", "PUT", "PATCH") else None
    return client.request(method, path, headers=headers | TUS | {"content-type": kind}, content=content)


def test_the_places_of_a_home_are_not_on_the_site(at: Any) -> None:
    secret = Path(at.server.place.settings.home / "secret")
    with at.server.client() as client:
        client.get("/e/ku-cun")  # signs something: the secret is made
        assert secret.exists()
        for path in ("/secret", "/a/secret", "/a.db", "/store", "/uploads", "/.env", "/api/v1/secret", "/home/secret"):
            answer = client.get(path)
            assert answer.status_code == 404, path
            assert secret.read_text().strip() not in answer.text
