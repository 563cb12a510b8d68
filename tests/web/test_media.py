"""Files that a release hands out: to whom, in which ranges, until when."""

from __future__ import annotations

import random
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from http.client import HTTPConnection
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from urllib.parse import urlsplit

import httpx
import pytest

from repurpose.db import assets, events, releases
from repurpose.models.published import SiteSettings
from repurpose.web.signing import media_url
from tests.web.served import Served, published, served


@pytest.fixture(scope="module")
def at(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    """A published event, its replay and deck, and a server."""
    folder = tmp_path_factory.mktemp("media")
    with served(folder / "home") as server:
        event = published(server.place)
        files = {row.path: row for row in assets.of_release(server.place.engine, event.id, event.release or 0)}
        with server.client() as client:
            yield SimpleNamespace(server=server, event=event, files=files, client=client)


def link(at: Any, path: str) -> str:
    return media_url(at.files[path].id, path.rpartition("/")[2], at.server.place.settings)


def content(at: Any, path: str) -> bytes:
    return Path(at.server.place.store.path(at.files[path].file)).read_bytes()


def test_a_film_comes_whole_and_in_ranges(at: Any) -> None:
    whole = content(at, "replay.mp4")
    answer = at.client.get(link(at, "replay.mp4"))
    assert answer.content == whole
    assert answer.headers["content-type"] == "video/mp4"
    assert answer.headers["accept-ranges"] == "bytes"
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert "sandbox" in answer.headers["content-security-policy"]
    for first, last in ((0, 0), (100, 999), (len(whole) - 1, len(whole) - 1), (500, len(whole) + 10)):
        part = at.client.get(link(at, "replay.mp4"), headers={"range": f"bytes={first}-{last}"})
        assert (part.status_code, part.content) == (206, whole[first : last + 1])
    tail = at.client.get(link(at, "replay.mp4"), headers={"range": "bytes=-100"})
    assert (tail.status_code, tail.content) == (206, whole[-100:])
    beyond = at.client.get(link(at, "replay.mp4"), headers={"range": f"bytes={len(whole)}-"})
    assert (beyond.status_code, beyond.headers["content-range"]) == (416, f"bytes */{len(whole)}")


def test_head_and_what_a_browser_has(at: Any) -> None:
    head = at.client.head(link(at, "replay.mp4"))
    assert (head.status_code, head.content) == (200, b"")
    assert int(head.headers["content-length"]) == at.files["replay.mp4"].file.size
    again = at.client.get(link(at, "replay.mp4"), headers={"if-none-match": head.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")
    part = at.client.get(link(at, "replay.mp4"), headers={"range": "bytes=0-9", "if-range": head.headers["etag"]})
    assert part.status_code == 206
    other = at.client.get(link(at, "replay.mp4"), headers={"range": "bytes=0-9", "if-range": '"another"'})
    assert other.status_code == 200


def test_pages_and_documents_are_kept_and_never_shown(at: Any) -> None:
    for path in ("index.html", "recap/wechat.html", "slides/slides.pdf", "chapters.json"):
        answer = at.client.get(link(at, path))
        assert answer.status_code == 200, path
        assert answer.headers["content-disposition"].startswith("attachment"), path
    shown = at.client.get(link(at, "transcript.vtt"))
    assert shown.headers["content-type"].startswith("text/vtt")
    assert shown.headers["content-disposition"].startswith("inline")
    assert at.client.get(link(at, "transcript.vtt") + "&download=1").headers["content-disposition"].startswith("att")


def test_a_link_that_is_not_ours_is_refused(at: Any) -> None:
    good = link(at, "replay.mp4")
    for bad in (good.replace("s=", "s=x"), good.partition("?")[0], good.replace("e=", "e=1"), f"{good[:-1]}"):
        answer = at.client.get(bad)
        assert (answer.status_code, answer.json()["type"]) == (403, "/problems/link-ended"), bad
    other = at.files["transcript.vtt"].id
    assert at.client.get(good.replace(at.files["replay.mp4"].id, other)).status_code == 404


def test_names_that_lead_elsewhere_find_nothing(at: Any) -> None:
    names = (
        "..%2f..%2fsecret", "%2e%2e/secret", "..", ".", "%00", "replay.mp4%00.jpg", "..%5c..%5csecret", "CON", "NUL.mp4",
        "%c0%ae%c0%ae%2fsecret", "....//secret", "%2fetc%2fpasswd", "a" * 255, "%C3%A9", "e%CC%81", "replay.mp4/", "%252e%252e",
        "\\\\host\\share", "C:%5cboot.ini", "replay.mp4::$DATA",
    )  # fmt: skip
    for asset in (at.files["replay.mp4"].id, "..", "%2e%2e", "as_x", "%00"):
        for name in names:
            asked = HTTPConnection(urlsplit(at.server.base).netloc, timeout=30)
            asked.request("GET", f"/m/{asset}/{name}")  # as it is: httpx would take the dots out
            answer = asked.getresponse()
            assert answer.status in (307, 403, 404), (asset, name, answer.status)
            assert b"0123456789abcdef" not in answer.read()
            asked.close()


def test_public_media_need_no_link_but_for_what_is_gated(at: Any) -> None:
    engine = at.server.place.engine
    plain = {path: link(at, path).partition("?")[0] for path in ("replay.mp4", "slides/slides.pdf")}
    assert {at.client.get(path).status_code for path in plain.values()} == {403}
    events.change(engine, at.event.id, settings=SiteSettings(media="public"))
    try:
        assert at.client.get(plain["replay.mp4"]).status_code == 200
        assert at.client.get(plain["slides/slides.pdf"]).status_code == 403
        assert at.client.get(link(at, "slides/slides.pdf")).status_code == 200
    finally:
        events.change(engine, at.event.id, settings=SiteSettings())


@pytest.mark.slow
def test_many_read_at_once(at: Any) -> None:
    """300 readers of ranges at the same time, each byte as it is in the file."""
    whole, url = content(at, "replay.mp4"), at.server.base + link(at, "replay.mp4")
    rng = random.Random(1)
    spots = [rng.randrange(len(whole) - 2000) for _ in range(300)]
    limits = httpx.Limits(max_connections=300)
    with httpx.Client(limits=limits, timeout=60) as client, ThreadPoolExecutor(60) as pool:
        answers = list(pool.map(lambda spot: client.get(url, headers={"range": f"bytes={spot}-{spot + 1999}"}), spots))
    assert all(a.status_code == 206 and a.content == whole[s : s + 2000] for a, s in zip(answers, spots, strict=True))


def test_what_is_withdrawn_is_gone_at_once(at: Any) -> None:
    server: Served = at.server
    url = link(at, "replay.mp4")
    assert at.client.get(url).status_code == 200
    releases.withdraw(server.place.engine, at.event.id)
    gone = at.client.get(url, headers={"accept-language": "zh-CN,zh;q=0.9"})
    assert (gone.status_code, gone.json()["type"]) == (410, "/problems/gone")
    assert "撤回" in gone.json()["detail"]
    assert gone.headers["cache-control"] == "no-store"
    assert at.client.get(url.partition("?")[0]).status_code == 403
