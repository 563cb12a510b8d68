"""Share cards in WeChat: the signature is WeChat's own, its API is asked seldom, and nobody else is told anything."""

from __future__ import annotations

import hashlib
import io
import json
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from PIL import Image

from repurpose.db import events, people
from repurpose.errors import UserError
from repurpose.models import Asset
from repurpose.pipeline import release
from repurpose.settings import settings_from
from repurpose.web.site.wechat import MARGIN_S, REST_S, Tickets, WeChatError, signature
from tests.publish.released import release_of
from tests.web.served import served

APP, SECRET = "wx0123456789abcdef", "0123456789abcdef0123456789abcdef"
PHONE = {
    "user-agent": "Mozilla/5.0 (iPhone; CPU iPhone OS 17_0 like Mac OS X) AppleWebKit/605.1.15 Mobile/15E148 MicroMessenger/8.0.50"
}


def test_the_signature_is_the_published_one() -> None:
    """The example of the documentation, JS-SDK, appendix 1."""
    ticket = "sM4AOVdWfPE4DxkXGEs8VMCPGGVi4C3VM0P37wVUCFvkVAy_90u5h9nbSlYy3-Sl-HhTdfl2fzFy1AOcHKP7qg"
    url = "http://mp.weixin.qq.com?params=value"
    made = signature(ticket, "Wm3WZYTPz0wzccnW", 1414587457, f"{url}#here")
    assert made == "0f9de62fce790f9a083d5c99e95740ceb90c27ed"


def test_keys_come_in_pairs_and_are_not_shown() -> None:
    given = {"REPURPOSE_HOME": "/tmp/x", "REPURPOSE_WECHAT_APP": APP, "REPURPOSE_WECHAT_SECRET": SECRET}
    made = settings_from(given)
    assert (made.wechat_app, made.wechat_secret) == (APP, SECRET) and SECRET not in repr(made)
    for bad in (
        {"REPURPOSE_WECHAT_SECRET": ""},
        {"REPURPOSE_WECHAT_APP": ""},
        {"REPURPOSE_WECHAT_APP": "x"},
        {"REPURPOSE_WECHAT_SECRET": f"{SECRET}\n!"},
    ):
        with pytest.raises(UserError) as told:
            settings_from(given | bad)
        assert SECRET not in str(told.value)


class Fake:
    """WeChat's API as its documentation tells it: stable tokens, and tickets for who holds the one that is good."""

    def __init__(self) -> None:
        self.asked: list[str] = []
        self.token, self.fails, self.lasts = "token-1", "", 7200
        fake = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = json.loads(self.rfile.read(int(self.headers["content-length"])))
                fake.asked.append(urlsplit(self.path).path)
                if fake.fails:
                    self.answer({"errcode": 50004, "errmsg": fake.fails})
                elif self.path != "/cgi-bin/stable_token" or body["grant_type"] != "client_credential":
                    self.answer({"errcode": 40002, "errmsg": "invalid grant_type"})
                elif (body["appid"], body["secret"]) != (APP, SECRET):
                    self.answer({"errcode": 40125, "errmsg": "invalid appsecret"})
                else:
                    given = "token-2" if body["force_refresh"] else "token-1"
                    self.answer({"access_token": given, "expires_in": 7200})

            def do_GET(self) -> None:
                parts = urlsplit(self.path)
                query = {name: values[0] for name, values in parse_qs(parts.query).items()}
                fake.asked.append(parts.path)
                if parts.path != "/cgi-bin/ticket/getticket" or query.get("type") != "jsapi":
                    self.answer({"errcode": 40097, "errmsg": "invalid args"})
                elif query["access_token"] != fake.token:
                    self.answer(
                        {"errcode": 40001, "errmsg": "invalid credential, access_token is invalid or not latest"}
                    )
                else:
                    number = fake.asked.count(parts.path)
                    self.answer({"errcode": 0, "errmsg": "ok", "ticket": f"ticket-{number}", "expires_in": fake.lasts})

            def answer(self, told: dict[str, Any]) -> None:
                data = json.dumps(told).encode()
                self.send_response(200)
                self.send_header("content-length", str(len(data)))
                self.end_headers()
                self.wfile.write(data)

            def log_message(self, *_: Any) -> None:
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.base = f"http://127.0.0.1:{self.server.server_address[1]}"
        threading.Thread(target=self.server.serve_forever, name="wechat", daemon=True).start()


@pytest.fixture
def fake() -> Iterator[Fake]:
    made = Fake()
    yield made
    made.server.shutdown()
    made.server.server_close()


@pytest.mark.slow
def test_a_ticket_is_fetched_once_and_kept_until_shortly_before_it_ends(fake: Fake) -> None:
    now = SimpleNamespace(at=1000.0)
    tickets = Tickets(APP, SECRET, fake.base, lambda: now.at)
    with ThreadPoolExecutor(16) as many:
        assert set(many.map(lambda _: tickets.get(), range(64))) == {"ticket-1"}
    assert fake.asked == ["/cgi-bin/stable_token", "/cgi-bin/ticket/getticket"]
    now.at += 7200 - MARGIN_S - 1
    assert tickets.get() == "ticket-1" and len(fake.asked) == 2
    now.at += 1
    assert tickets.get() == "ticket-2" and len(fake.asked) == 4
    # a token that is no longer the latest is asked for anew, once
    now.at += 7200
    fake.token = "token-2"
    assert tickets.get() == "ticket-4" and len(fake.asked) == 8


@pytest.mark.slow
def test_a_failure_is_told_without_keys_and_not_asked_again_at_once(fake: Fake) -> None:
    now = SimpleNamespace(at=1000.0)
    fake.fails = "interface banned"
    tickets = Tickets(APP, SECRET, fake.base, lambda: now.at)
    for _ in range(3):
        with pytest.raises(WeChatError, match="50004 interface banned"):
            tickets.get()
    assert len(fake.asked) == 1
    fake.fails, now.at = "", now.at + REST_S
    assert tickets.get() == "ticket-1"
    away = Tickets(APP, SECRET, "http://127.0.0.1:9", lambda: now.at)
    with pytest.raises(WeChatError) as told:
        away.get()
    assert SECRET not in str(told.value) and told.value.__cause__ is None


def shown(server: Any) -> None:
    """An event with a picture that stands for it."""
    place, content = server.place, release_of(server.place.store)
    picture = server.place.settings.home / "wide.jpg"
    Image.new("RGB", (1920, 1080), "#336699").save(picture)
    poster = Asset(
        path="posters/01.1920x1080.jpg",
        kind="poster",
        file=place.store.put_file(picture),
        width=1920,
        height=1080,
        alt="a",
    )
    package = content.package.model_copy(update={"assets": (*content.package.assets, poster)})
    row = events.create(place.engine, slug="ku-cun", title="x")
    made = release.enter(place, row, content.model_copy(update={"package": package}), "test")
    release.point(place, row.id, made.number, "test")


def card_in(text: str) -> dict[str, str]:
    """What a page has for WeChat."""
    data = text.partition('<script type="application/json" id="data">')[2].partition("</script>")[0]
    card: dict[str, str] = json.loads(data)["card"]
    return card


@pytest.mark.slow
def test_only_wechat_is_told_and_only_of_this_site(
    tmp_path: Path, fake: Fake, caplog: pytest.LogCaptureFixture
) -> None:
    keys = {"wechat_app": APP, "wechat_secret": SECRET, "wechat_api": fake.base}
    with served(tmp_path / "home", **keys) as server, server.client() as client:
        shown(server)
        page = f"{server.base}/e/ku-cun?t=5"
        answer = client.get("/wechat/signature", params={"url": f"{page}#player"}, headers=PHONE)
        told = answer.json()
        assert answer.headers["cache-control"] == "no-store" and set(told) == {
            "appId",
            "timestamp",
            "nonceStr",
            "signature",
        }
        whole = f"jsapi_ticket=ticket-1&noncestr={told['nonceStr']}&timestamp={told['timestamp']}&url={page}"
        assert told["signature"] == hashlib.sha1(whole.encode(), usedforsecurity=False).hexdigest()
        assert client.get("/wechat/signature", params={"url": page}).status_code == 404
        for other in (
            "https://evil.example/",
            f"{server.base}.evil.example/",
            f"//{server.base[7:]}/e/x",
            "javascript:1",
            "https://[",
            "",
        ):
            assert client.get("/wechat/signature", params={"url": other}, headers=PHONE).status_code == 400, other
        elsewhere = PHONE | {"sec-fetch-site": "cross-site"}
        assert client.get("/wechat/signature", params={"url": page}, headers=elsewhere).status_code == 403
        assert "res.wx.qq.com" not in client.get("/e/ku-cun").headers["content-security-policy"]
        phone = client.get("/e/ku-cun", headers=PHONE)
        assert "script-src 'self' https://res.wx.qq.com;" in phone.headers["content-security-policy"]
        card = card_in(phone.text)
        assert card["link"].startswith(f"{server.base}/l/") and card["imgUrl"] == f"{server.base}/e/ku-cun/square.jpg"
        assert card["title"] and card["desc"]
        picture = tmp_path / "square.jpg"
        picture.write_bytes(client.get("/e/ku-cun/square.jpg").content)
        with Image.open(picture) as opened:
            assert (opened.format, opened.size) == ("JPEG", (600, 600))
        assert SECRET not in phone.text + answer.text + caplog.text


def given_cards(server: Any) -> None:
    """Two people with smart cards, one of them with a photo."""
    place = server.place
    picture = place.settings.home / "face.jpg"
    Image.new("RGB", (800, 1000), "#996633").save(picture)
    photo = place.store.put_file(picture)
    people.create(
        place.engine, slug="lin", name="林溪", title="总监", company="墨川", about="供应链\n二十年", photo=photo
    )
    people.create(place.engine, slug="dana", name="Dana", language="en")


@pytest.mark.slow
def test_a_smart_card_is_shared_as_a_card_too(tmp_path: Path, fake: Fake) -> None:
    keys = {"wechat_app": APP, "wechat_secret": SECRET, "wechat_api": fake.base}
    with served(tmp_path / "home", **keys) as server, server.client() as client:
        given_cards(server)
        assert "res.wx.qq.com" not in client.get("/c/lin").headers["content-security-policy"]
        phone = client.get("/c/lin", headers=PHONE)
        assert "script-src 'self' https://res.wx.qq.com;" in phone.headers["content-security-policy"]
        card = card_in(phone.text)
        assert (card["title"], card["desc"]) == ("林溪 · 墨川", "供应链 二十年")
        leads = client.get(card["link"])
        assert card["link"].startswith(f"{server.base}/l/") and leads.headers["location"].startswith("/c/lin?l=")
        assert card["imgUrl"] == f"{server.base}/c/lin/square.jpg"
        picture = client.get(card["imgUrl"])
        assert picture.headers["content-type"] == "image/jpeg"
        with Image.open(io.BytesIO(picture.content)) as opened:
            assert (opened.format, opened.size) == ("JPEG", (600, 600))
        signed = client.get("/wechat/signature", params={"url": f"{server.base}/c/lin"}, headers=PHONE)
        assert signed.status_code == 200
        bare = card_in(client.get("/c/dana", headers=PHONE).text)
        assert (bare["title"], bare["desc"], bare["imgUrl"]) == ("Dana", "Dana", "")
        assert client.get("/c/dana/square.jpg").status_code == 404 == client.get("/c/none/square.jpg").status_code


@pytest.mark.slow
def test_without_keys_nothing_changes(tmp_path: Path) -> None:
    with served(tmp_path / "home") as server, server.client(headers=PHONE) as client:
        shown(server)
        phone = client.get("/e/ku-cun")
        given_cards(server)
        for page in (phone, client.get("/c/lin")):
            assert "wx.qq.com" not in page.headers["content-security-policy"] and '"card":' not in page.text
        assert client.get("/wechat/signature", params={"url": f"{server.base}/e/ku-cun"}).status_code == 404
