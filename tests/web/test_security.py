"""Names that lead elsewhere, tokens that were bent, media that was taken back: nothing is given out, nothing breaks."""

from __future__ import annotations

import base64
import re
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from http.client import HTTPConnection
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from urllib.parse import quote, urlsplit

import httpx
import pytest

from repurpose.db import access, assets, events, people, uploads
from repurpose.publish.layout import folder_name
from repurpose.web.signing import media_url, picture_url, text_of, token
from repurpose.web.who import COOKIE, by_key, by_session, hashed
from tests.web.hostile import bent, names
from tests.web.served import FILM, published, served

CANARY = "canary-of-another-folder"
FORM = {"content-type": "application/x-www-form-urlencoded"}


@pytest.fixture(scope="module")
def at(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    """A published event, a card, and files around the home that nobody may have."""
    folder = tmp_path_factory.mktemp("security")
    for place in (folder, folder / "home", folder / "etc"):
        place.mkdir(exist_ok=True)
        for name in ("passwd", "win.ini", "environ", "boot.ini", ".env"):
            (place / name).write_text(CANARY)
    (folder / "in").mkdir()
    with served(folder / "home", ingest=(folder / "in",), upload_bytes=1 << 20) as server:
        event = published(server.place)
        people.create(server.place.engine, slug="lin-xiao", name="林晓")
        files = {row.path: row for row in assets.of_release(server.place.engine, event.id, event.release or 0)}
        film = files["replay.mp4"].id
        with server.client() as client:
            client.get("/e/ku-cun")  # signs something: the secret is made
            yield SimpleNamespace(server=server, event=event, files=files, film=film, client=client, folder=folder)


def raw(server: Any, path: str) -> tuple[int, bytes]:
    """Ask for exactly this path: a client of today takes the dots out of it first."""
    with closing(HTTPConnection(urlsplit(server.base).netloc, timeout=60)) as asked:
        asked.putrequest("GET", "/", skip_accept_encoding=True)
        asked._buffer[0] = b"GET " + path.encode("utf-8", "surrogatepass") + b" HTTP/1.1"  # type: ignore[attr-defined]
        asked.endheaders()
        with closing(asked.getresponse()) as answer:
            return answer.status, answer.read()


def tree(folder: Path) -> set[Path]:
    return {path for path in folder.rglob("*") if "pictures" not in path.parts and "a.db" not in path.name}


@pytest.mark.slow
def test_names_that_lead_elsewhere_find_nothing_on_any_route(at: Any) -> None:
    secret = (at.folder / "home" / "secret").read_bytes().strip()
    before, many = tree(at.folder), names()
    assert len(set(many)) >= 200
    signed = media_url(at.film, "replay.mp4", at.server.place.settings).partition("?")[2]
    places = (
        f"/m/{at.film}/{{}}", "/m/{}/replay.mp4", f"/m/{at.film}/{{}}?{signed}", "/e/{}", "/e/ku-cun/get/{}", "/e/{}/share.jpg", "/c/{}",
        "/c/{}/contact.vcf", "/a/{}", "/embed/{}", "/l/{}", "/p/{}/480.webp", f"/p/{at.film}/{{}}.webp", "/{}", "/account/{}",
    )  # fmt: skip
    for name in many:
        for form in (name, quote(name, safe="", errors="surrogatepass")):
            sent = re.sub(r"[\x00-\x20\x7f]", lambda sign: f"%{ord(sign[0]):02x}", form)  # or the request ends there
            for place in places:
                status, told = raw(at.server, place.format(sent))
                # A part that is empty or `.` is another route's own address; everything else is nowhere.
                home = (status == 200 and not sent.strip("./\\%0aA2dDcC;#?")) or sent.startswith(("?", "#"))
                assert home or status in (307, 400, 403, 404, 405, 422), (place, name, status)
                assert CANARY.encode() not in told, (place, name)
                assert secret not in told, (place, name)
                assert FILM[:64].encode() not in told or sent.startswith(("?", "#")), (place, name)
    assert tree(at.folder) == before


@pytest.mark.slow
def test_a_files_name_is_never_where_it_lies(at: Any) -> None:
    """Uploads are kept under ids of ours; what they are called is only told, and laid out under a name every system takes."""
    before, many = tree(at.folder), names()
    head = {"tus-resumable": "1.0.0", "upload-length": "3"}
    with at.server.client("editor") as client:
        event = client.post("/api/v1/events", json={"title": "x"}).json()["id"]
        for name in many[:: 1 if len(many) < 60 else len(many) // 60]:
            told = base64.b64encode(name.encode("utf-8", "replace")).decode()
            made = client.post("/api/v1/uploads", headers=head | {"upload-metadata": f"filename {told}".strip()})
            if made.status_code == 400:  # a name longer than a header may be
                continue
            assert made.status_code in (201, 422), (name, made.status_code)
            if made.status_code == 201:
                assert re.fullmatch("/api/v1/uploads/up_[a-z2-7]{20}", made.headers["location"])
                upload = uploads.find(at.server.place.engine, made.headers["location"].rpartition("/")[2])
                assert upload is not None
                assert re.fullmatch(r"(\.[a-z0-9]{1,8})?", upload.suffix)
                assert upload.name.isprintable()
                client.delete(made.headers["location"], headers={"tus-resumable": "1.0.0"})
            handed = client.post(
                f"/api/v1/events/{event}/recordings", json={"path": str(at.folder / "in") + "/" + name}
            )
            assert handed.status_code == 422, name
    assert tree(at.folder) - {at.folder / "home" / "uploads"} == before - {at.folder / "home" / "uploads"}


def test_what_a_file_is_called_makes_one_folder(tmp_path: Path) -> None:
    for name in names():
        laid = tmp_path / folder_name(name)
        assert laid.resolve().parent == tmp_path, name
        assert not set(folder_name(name)) & set('<>:"/\\|?*\x00'), name
        laid.mkdir(exist_ok=True)


@pytest.mark.slow
def test_ten_thousand_bent_tokens_open_nothing(at: Any) -> None:
    engine, settings = at.server.place.engine, at.server.place.settings
    user = access.add_user(engine, "bent@example.com", "bent", "admin")
    secret, key = "kQ3v8ZJ0mB5xW1tY7uR2nP9sL4aD6fGh", at.server.keys["admin"]
    access.open_session(engine, user.id, hashed(secret), "csrf", "", 3_600_000)
    assert by_session(engine, secret) is not None
    assert by_key(engine, key) is not None
    assert [one for one in bent(secret, 3000, 1) if by_session(engine, one)] == []
    assert [one for one in bent(key, 3000, 2) if by_key(engine, one)] == []
    for purpose, text in (("form", at.event.id), ("kit", f"{at.event.id} su_x")):
        good = token(purpose, text, settings, 3600)
        assert text_of(purpose, good, settings) == text
        assert [one for one in bent(good, 2000, 3) if text_of(purpose, one, settings) is not None] == []


@pytest.mark.slow
def test_bent_tokens_are_refused_where_they_are_shown(at: Any) -> None:
    """The same through the routes: a session, its token, a key, the form's stamp, the pass to the files, a picture's link."""
    session, csrf = at.server.session("admin")
    secret = session["cookie"].partition("=")[2]
    base, settings = at.server.base, at.server.place.settings
    counted: Counter[str] = Counter()

    def told(kind: str, answer: httpx.Response, *wanted: int) -> None:
        counted[kind] += 1
        assert answer.status_code in wanted, (kind, answer.request.headers, answer.status_code)

    for one in bent(secret, 40, 1):
        if one.isascii() and "/" not in one:
            with httpx.Client(base_url=base) as client:
                told("session", client.get("/api/v1/me", headers={"cookie": f"{COOKIE}={one}"}), 401)
    for one in bent(csrf, 40, 2):
        headers = {**session, "x-csrf-token": one.encode("utf-8")}
        told("csrf", at.client.post("/api/v1/events", json={"title": "bent"}, headers=headers), 403)
    for one in bent(at.server.keys["admin"], 40, 3):
        told("key", at.client.get("/api/v1/me", headers={"authorization": f"Bearer {one}".encode()}), 401)
    gated = "/e/ku-cun/get/slides/slides.pdf"
    for one in bent(token("kit", f"{at.event.id} su_x", settings, 60), 40, 4):
        with httpx.Client(base_url=base, headers={"cookie": f"kit-{at.event.id}={quote(one)}"}) as client:
            answer = client.get(gated)
            told("kit", answer, 303)
            assert answer.headers["location"].endswith("#kit")
    picture = picture_url(at.files["posters/01.1080x1440.png"].id, 480, settings)
    path, _, mark = picture.rpartition("=")
    for one in bent(mark, 40, 5):
        told("picture", at.client.get(f"{path}={quote(one, safe='')}"), 403, 422)
    form = {"name": "Ada", "company": "x", "email": "ada@example.com", "consent": "yes"}
    for one in bent(token("form", at.event.id, settings, 60), 15, 6):  # fewer than the form's own limit
        told("stamp", at.client.post("/e/ku-cun/form", data=form | {"stamp": one}), 422)
    assert min(counted.values()) >= 15
    with at.server.client("admin") as admin:
        assert admin.get(f"/api/v1/events/{at.event.id}/submissions").json()["items"] == []


def test_a_pass_to_one_events_files_opens_no_others(at: Any) -> None:
    engine, settings = at.server.place.engine, at.server.place.settings
    other = published(at.server.place, "another", film="another")
    mine = token("kit", f"{at.event.id} su_x", settings, 60)
    with httpx.Client(base_url=at.server.base) as client:
        for event, slug, opens in ((at.event, "ku-cun", True), (other, "another", False)):
            headers = {"cookie": f"kit-{event.id}={mine}"}
            answer = client.get(f"/e/{slug}/get/slides/slides.pdf", headers=headers)
            assert (answer.status_code == 302) is opens, slug
    for purpose in ("form", "media", "picture", "session"):  # a mark for one thing is none for another
        assert text_of(purpose, mine, settings) is None
    events.change(engine, other.id, slug="another-one")


@pytest.mark.slow
def test_what_is_withdrawn_is_gone_within_a_second_everywhere(at: Any) -> None:
    place = at.server.place
    event = published(place, "taken-back", film="taken back")
    files = {row.path: row for row in assets.of_release(place.engine, event.id, 1)}
    film = files["replay.mp4"].id
    links = [
        media_url(film, "replay.mp4", place.settings), picture_url(files["posters/01.1080x1440.png"].id, 480, place.settings),
        "/e/taken-back", "/e/taken-back?lang=en", f"/embed/{film}", "/e/taken-back/get/replay.mp4", "/e/taken-back/share.jpg",
    ]  # fmt: skip
    with at.server.client("publisher") as publisher:
        for link in links:
            assert at.client.get(link, follow_redirects=False).status_code in (200, 302, 404), link
        found = at.client.get("/search?q=周转天数").text + at.client.get("/sitemap.xml").text + at.client.get("/").text
        assert found.count("taken-back") >= 3
        began = time.monotonic()
        assert publisher.post(f"/api/v1/events/{event.id}/withdraw").status_code == 200
        for link in links:
            assert at.client.get(link).status_code == 410, link
            held = at.client.get(link, headers={"if-none-match": f'"{files["replay.mp4"].file.digest}"'})
            assert held.status_code == 410, f"{link}: a browser that has it is told it may keep it"
            ranged = at.client.get(link, headers={"range": "bytes=0-9"})
            assert ranged.status_code == 410, link
        for page in ("/search?q=周转天数", "/sitemap.xml", "/", "/feed.xml", "/podcast.xml"):
            assert "taken-back" not in at.client.get(page).text, page
        took = time.monotonic() - began
    print(f"gone after {took * 1000:.0f} ms")


@pytest.mark.slow
def test_a_page_that_is_kept_says_nothing_of_who_asked_first(at: Any) -> None:
    """Pages are made once and shown to all: no word of one reader's address may stand in another's."""
    for path in ("/e/ku-cun", "/c/lin-xiao", "/", f"/embed/{at.film}"):
        for query in (
            "q=of-somebody-else",
            "t=of-somebody-else",
            "t=754",
            "l=ofsomebody12",
            "topic2=of-somebody-else",
            "lang=zz",
        ):
            first = at.client.get(
                f"{path}?{query}", headers={"x-forwarded-host": "evil.example", "x-original-url": "/evil"}
            )
            assert first.status_code == 200, (path, query)
        plain = at.client.get(path).text
        for word in ("of-somebody-else", "ofsomebody12", "evil", "t=754", "#t="):
            assert word not in plain, (path, word)


@pytest.mark.slow
def test_headers_that_are_no_addresses_break_nothing(at: Any) -> None:
    bad = ("https://[", "http://a:b:c", "https://[::1", "//", "null", "\x7f", "https://a]b", "https://[v1.x]:99999999")
    for one in bad:
        for path in ("/login", "/welcome", "/logout", "/e/ku-cun/form", "/t/v1/consent"):
            for name in ("origin", "referer"):
                headers = FORM | {name: one}
                answer = at.client.post(path, content="a=b&" * 30, headers=headers)
                assert answer.status_code < 500, (path, name, one)
                assert name == "referer" or answer.status_code in (400, 403, 404), (path, one)
        assert at.client.get("/oembed", params={"url": one}).status_code == 404, one
    for host in (
        "[",
        "[::1",
        "a b",
        "a/b",
        "a@b",
        "evil.example:99999999",
        "<a>",
        "a" * 300,
        "a\\b",
        "a?b",
        "a#b",
        "\xe9",
    ):
        for path in ("/", "/e/ku-cun", "/sitemap.xml", "/api/v1/me", "/login"):
            answer = at.client.get(path, headers={"host": host.encode("latin-1")})
            assert answer.status_code == 400, (host, path, answer.status_code)
    assert at.client.get("/", headers={"host": "[::1]:8000"}).status_code == 200
