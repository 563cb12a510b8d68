"""The pages as a reader or a program asks for them, over a real server."""

from __future__ import annotations

import gzip
import json
import re
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from urllib.parse import urlsplit
from xml.etree import ElementTree

import httpx
import pytest

from repurpose.db import events, links, people, submissions
from repurpose.models import Asset
from repurpose.models.published import SiteSettings
from repurpose.pipeline import release
from repurpose.publish.release import handed_out
from tests.publish.released import release_of
from tests.web.served import served

ZH = {"accept-language": "zh-CN,zh;q=0.9", "accept": "text/html"}
GOOD = {"name": "林溪", "company": "墨川", "email": "lin@example.com", "consent": "yes"}


def publish(place: Any, slug: str, site: SiteSettings | None = None, **other: Any) -> Any:
    content = release_of(place.store, slug, site=site, **other)
    deck = Asset(path="slides/slides.pdf", kind="deck", file=place.store.put_bytes(f"deck of {slug}".encode(), ".pdf"))
    package = content.package.model_copy(update={"assets": (*content.package.assets, deck)})
    content = content.model_copy(update={"package": package})
    event = events.by_slug(place.engine, slug) or events.create(
        place.engine, slug=slug, title=package.event.title, language="zh", date="2026-11-05", settings=content.site
    )
    row = release.enter(place, event, content, "test")
    return release.point(place, event.id, row.number, "test")


@pytest.fixture(scope="module")
def at(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    with served(tmp_path_factory.mktemp("site") / "home") as server:
        place = server.place
        topics = SiteSettings(topics=("库存",), embed=("https://partner.example",))
        event = publish(place, "ku-cun", topics)
        other = publish(place, "other", SiteSettings(topics=("库存",)), title="另一场")
        hidden = publish(place, "hidden", SiteSettings(listed=False), title="不列出")
        events.create(place.engine, slug="draft", title="草稿")
        who = people.create(
            place.engine, slug="lin", name="林溪", title="总监", company="墨川", phone="+86 1380", language="zh",
            calendar="javascript:alert(1)",
        )  # fmt: skip
        people.choose(place.engine, who.id, [event.id])
        with server.client(headers=ZH) as client:
            yield SimpleNamespace(
                server=server, place=place, event=event, other=other, hidden=hidden, who=who, client=client
            )


def test_a_page_in_each_language_and_for_robots(at: Any) -> None:
    zh = at.client.get("/e/ku-cun")
    assert zh.status_code == 200
    assert 'lang="zh-CN"' in zh.text
    assert "逐字稿" in zh.text
    en = at.client.get("/e/ku-cun", headers={"accept-language": "en"})
    assert "Transcript" in en.text
    asked = at.client.get("/e/ku-cun?lang=en")
    assert "Transcript" in asked.text
    assert 'href="/?lang=en"' in asked.text  # what was asked for stays
    ld = json.loads(re.search(r'<script type="application/ld\+json">(.*?)</script>', zh.text, re.S)[1])  # type: ignore[index]
    assert ld["@type"] == "VideoObject"
    assert ld["hasPart"][0]["startOffset"] == 0
    assert ld["potentialAction"]["target"].endswith("/e/ku-cun?t={seek_to_second_number}")
    film = at.client.get(urlsplit(ld["contentUrl"]).path, follow_redirects=True)
    assert film.headers["content-type"] == "video/mp4"
    assert "og:image" in zh.text


def test_a_page_is_made_once_and_then_confirmed(at: Any) -> None:
    first = at.client.get("/e/ku-cun")
    again = at.client.get("/e/ku-cun", headers={"if-none-match": first.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")
    plain = at.client.get("/e/ku-cun", headers={"accept-encoding": "identity"})
    assert plain.text == first.text
    assert first.headers["content-encoding"] == "gzip"


def test_it_opens_at_a_second_without_script(at: Any) -> None:
    assert re.search(r'<source src="/m/[^"]*#t=754"', at.client.get("/e/ku-cun?t=754").text)
    for bad in ("x", "-1", '7"onload=', "9999999"):
        text = at.client.get("/e/ku-cun", params={"t": bad}).text
        assert "#t=" not in text.replace("#t=0", "")
    assert "moment-" not in at.client.get("/e/ku-cun").text


def test_the_form_opens_the_files(at: Any) -> None:
    with at.server.client(headers=ZH) as reader:
        page = reader.get("/e/ku-cun").text
        assert reader.get("/e/ku-cun/get/slides/slides.pdf").headers["location"] == "/e/ku-cun#kit"
        stamp = re.search(r'name="stamp" value="([^"]+)"', page)[1]  # type: ignore[index]
        wrong = reader.post("/e/ku-cun/form", data={**GOOD, "email": "no", "stamp": stamp})
        assert wrong.status_code == 422
        assert 'value="林溪"' in wrong.text
        assert "请填写邮箱" in wrong.text
        assert not submissions.of_event(at.place.engine, at.event.id)
        code = links.make(at.place.engine, "event", by="test", event_id=at.event.id, channel="mail").code
        sent = reader.post(
            "/e/ku-cun/form", data={**GOOD, "stamp": stamp}, headers={"referer": f"{at.server.base}/e/ku-cun?l={code}"}
        )
        assert (sent.status_code, sent.headers["location"]) == (303, "/e/ku-cun#kit")
        assert "httponly" in sent.headers["set-cookie"].lower()
        deck = reader.get("/e/ku-cun/get/slides/slides.pdf", follow_redirects=True)
        assert deck.content == b"deck of ku-cun"
        assert 'id="lead"' not in reader.get("/e/ku-cun").text
    kept = submissions.of_event(at.place.engine, at.event.id)
    assert kept[0].fields["email"] == "lin@example.com"
    assert kept[0].link == code
    assert kept[0].consent is not None
    assert 'id="lead"' in at.client.get("/e/ku-cun").text  # for everyone else it is still there
    assert at.client.get("/e/other/get/slides/slides.pdf").status_code == 303


@pytest.mark.parametrize(
    "spoil",
    [
        {"stamp": "x.1.y"}, {"stamp": ""}, {"website": "https://spam.example"},
    ],
)  # fmt: skip
def test_robots_and_forged_forms_are_not_kept(at: Any, spoil: dict[str, str]) -> None:
    stamp = re.search(r'name="stamp" value="([^"]+)"', at.client.get("/e/other").text)[1]  # type: ignore[index]
    answer = at.client.post(
        "/e/other/form", data={**GOOD, "stamp": stamp, **spoil}, headers={"accept": "application/json"}
    )
    assert answer.status_code == 422
    assert answer.json()["problem"]
    cross = at.client.post("/e/other/form", data={**GOOD, "stamp": stamp}, headers={"origin": "https://evil.example"})
    assert cross.status_code == 403
    many = "&".join(f"a{k}=1" for k in range(60))
    typed = {"content-type": "application/x-www-form-urlencoded"}
    assert at.client.post("/e/other/form", content=many, headers=typed).status_code == 400
    assert at.client.post("/e/other/form", json=GOOD).status_code == 415
    assert not submissions.of_event(at.place.engine, at.other.id)


def test_home_lists_what_is_listed_and_search_finds_the_second(at: Any) -> None:
    home = at.client.get("/").text
    assert "/e/ku-cun" in home
    assert "/e/other" in home
    assert "/e/hidden" not in home
    assert "/e/draft" not in home
    assert at.client.get("/e/hidden").status_code == 200
    assert "/e/other" not in at.client.get("/", params={"topic": "没有"}).text
    found = at.client.get("/search", params={"q": "周转天数"}).text
    assert "/e/ku-cun?t=12#player" in found
    assert "<mark>" in found
    assert "没有找到" in at.client.get("/search", params={"q": "量子"}).text
    assert at.client.get("/search", params={"q": "x" * 5000}).status_code == 200


def test_drafts_are_not_there_and_the_withdrawn_are_gone(at: Any) -> None:
    assert at.client.get("/e/draft").status_code == 404
    missing = at.client.get("/nothing/here")
    assert (missing.status_code, "全部回放" in missing.text) == (404, True)
    event = publish(at.place, "brief", title="很快撤回")
    page = at.client.get("/e/brief").text
    embed = re.search(r'"embedUrl":"[^"]*(/embed/as_[a-z2-7]+)"', page)[1]  # type: ignore[index]
    code = links.make(at.place.engine, "event", by="test", event_id=event.id).code
    assert at.client.get(embed).status_code == 200
    release.withdraw(at.place, event.id, "test")
    for path in ("/e/brief", embed, "/e/brief/get/replay.mp4", "/e/brief/share.jpg"):
        gone = at.client.get(path)
        assert gone.status_code == 410, path
    assert "已撤回" in gone.text
    assert at.client.get(f"/l/{code}", follow_redirects=True).status_code == 410
    assert (
        "/e/brief" not in at.client.get("/").text + at.client.get("/feed.xml").text + at.client.get("/sitemap.xml").text
    )


def test_no_page_mixes_two_releases(at: Any) -> None:
    for round_ in range(4):
        publish(at.place, "moving", title=f"第{round_}版", film=f"film {round_}")
        text = at.client.get("/e/moving").text
        assert f"<title>第{round_}版</title>" in text
        assert not re.search(rf"第[^{round_}\D]版", text)


def test_links_lead_only_where_their_row_says(at: Any) -> None:
    engine = at.place.engine
    event = links.make(engine, "event", by="test", event_id=at.event.id, channel="c", start_ms=12_000)
    answer = at.client.get(f"/l/{event.code}")
    assert (answer.status_code, answer.headers["location"]) == (302, f"/e/ku-cun?l={event.code}&t=12")
    assert answer.headers["cache-control"] == "no-store"
    card = links.make(engine, "card", by="test", person_id=at.who.id)
    assert at.client.get(f"/l/{card.code}").headers["location"].startswith("/c/lin?")
    links.revoke(engine, event.code)
    assert at.client.get(f"/l/{event.code}").status_code == 410
    for bad in ("x" * 12, "a", "%2e%2e", "https:%2f%2fevil.example", "//evil.example", "a" * 500):
        assert at.client.get(f"/l/{bad}").status_code in (404, 405), bad
    for spoiled in ("?t=//evil.example", "?url=https://evil.example", "?next=https://evil.example"):
        location = at.client.get(f"/l/{card.code}{spoiled}").headers["location"]
        assert location.startswith("/c/lin")
        assert "evil" not in location


def test_a_card_has_contact_and_content(at: Any) -> None:
    card = at.client.get("/c/lin").text
    assert "林溪" in card
    assert "javascript:" not in card
    assert re.search(r'href="/l/[0-9A-Za-z]{12}"', card)
    contact = at.client.get("/c/lin/contact.vcf")
    assert contact.headers["content-type"].startswith("text/vcard")
    assert contact.text.startswith("BEGIN:VCARD\r\n")
    people.change(at.place.engine, at.who.id, state="left")
    assert at.client.get("/c/lin").status_code == 410
    people.change(at.place.engine, at.who.id, state="active")


def test_others_find_it(at: Any) -> None:
    robots = at.client.get("/robots.txt").text
    assert f"Sitemap: {at.server.base}/sitemap.xml" in robots
    names = {"s": "http://www.sitemaps.org/schemas/sitemap/0.9", "v": "http://www.google.com/schemas/sitemap-video/1.1"}
    sitemap = ElementTree.fromstring(at.client.get("/sitemap.xml").content)
    assert f"{at.server.base}/e/ku-cun" in [each.text for each in sitemap.findall("s:url/s:loc", names)]
    assert sitemap.find("s:url/v:video/v:content_loc", names) is not None
    for path in ("/feed.xml", "/podcast.xml"):
        feed = ElementTree.fromstring(at.client.get(path).content)
        assert f"{at.server.base}/e/ku-cun" in [item.findtext("link") for item in feed.findall("channel/item")]
    film = feed.find("channel/item/enclosure").attrib["url"]  # type: ignore[union-attr]
    assert at.client.get(urlsplit(film).path, follow_redirects=True).status_code == 200
    told = at.client.get("/oembed", params={"url": f"{at.server.base}/e/ku-cun", "maxwidth": 400}).json()
    assert told["width"] <= 400
    frame = at.client.get(urlsplit(re.search(r'src="([^"]+)"', told["html"])[1]).path)  # type: ignore[index]
    assert "frame-ancestors 'self' https://partner.example" in frame.headers["content-security-policy"]
    assert "frame-ancestors 'none'" in at.client.get("/e/ku-cun").headers["content-security-policy"]
    assert at.client.get("/oembed", params={"url": "https://evil.example/e/ku-cun"}).status_code == 404


def test_pictures_are_for_who_holds_the_link(at: Any) -> None:
    assert at.client.get("/p/as_aaaaaaaaaaaaaaaaaaaa/640.webp").status_code == 404
    ids = {each.asset.path for each in handed_out(release_of(at.place.store))}
    assert "replay.mp4" in ids
    page = at.client.get("/e/ku-cun").text
    film = re.search(r"/m/(as_[a-z2-7]+)/", page)[1]  # type: ignore[index]
    assert at.client.get(f"/p/{film}/640.webp").status_code == 404  # no picture
    assert at.client.get(f"/p/{film}/641.webp").status_code == 404


def test_the_style_is_kept_for_good_and_the_page_is_small(at: Any) -> None:
    page = at.client.get("/e/ku-cun")
    style = re.search(r'<link rel="stylesheet" href="([^"]+)"', page.text)[1]  # type: ignore[index]
    answer = at.client.get(style)
    assert "immutable" in answer.headers["cache-control"]
    assert "immutable" not in at.client.get("/a/site.css?v=other").headers["cache-control"]
    for bad in ("/a/../pyproject.toml", "/a/%2e%2e%2fpackage.json", "/a/nothing.js", "/a/..%5c..%5csite.css"):
        assert httpx.get(at.server.base + bad, headers=ZH).status_code == 404, bad
    script = re.search(r'<script type="module" src="([^"]+)"', page.text)[1]  # type: ignore[index]
    held = [page.content, answer.content, at.client.get(script).content]
    assert sum(len(gzip.compress(each)) for each in held) < 60_000


def test_traversal_names_lead_nowhere(at: Any) -> None:
    names = (
        "../../etc/passwd",
        "..%2f..%2fsecret",
        "slides/../../secret",
        "%00",
        "slides/slides.pdf%00.jpg",
        "C:%5cwin",
        "//etc/passwd",
    )
    for name in names:
        assert at.client.get(f"/e/ku-cun/get/{name}").status_code in (303, 404), name
    assert Path(at.place.settings.home / "secret").exists()
