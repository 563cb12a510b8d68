"""Pages wear the look that their release froze: its colours and logo, by addresses that are kept for good."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any

import pytest
from PIL import Image

from repurpose.db import brands, events, people
from repurpose.ingest.brand import brand_of, kit_of
from repurpose.models import Event
from repurpose.models.published import Release, SiteLook
from repurpose.pipeline import release
from repurpose.presets import BrandPreset
from repurpose.publish.release import look_of
from repurpose.store import canonical
from tests.ingest.test_brand import picture
from tests.publish.released import release_of
from tests.web.served import served

DARK = (10, 20, 40, 255)  # of a logo that would not be seen on the head of a page


def worn(place: Any, **told: Any) -> SiteLook:
    """What the site shows of the brand `acme`, told by a record."""
    logo = place.store.put_bytes(told.pop("logo", picture(fill=DARK)), ".png")
    preset = BrandPreset.model_validate({"name": "acme", "logo": "acme.png", "signal": "#0A7A4B"} | told)
    brands.put(place.engine, preset, {"logo": logo}, "test")
    return look_of(brand_of(Event(name="x", brand="acme"), kit_of("acme", None, place.engine), place.store, "zh"))


def publish(place: Any, slug: str, look: SiteLook | None) -> Any:
    content = release_of(place.store, slug).model_copy(update={"look": look})
    event = events.by_slug(place.engine, slug) or events.create(place.engine, slug=slug, title=slug, language="zh")
    made = release.enter(place, event, content, "test")
    return release.point(place, event.id, made.number, "test")


@pytest.fixture(scope="module")
def at(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    with served(tmp_path_factory.mktemp("brand") / "home") as server, server.client() as client:
        place = server.place
        publish(place, "plain", None)
        event = publish(place, "acme", worn(place))
        yield SimpleNamespace(place=place, client=client, event=event)


def sheet(text: str, slug: str = "acme") -> str:
    """The address of the brand's style on a page; it comes after the house's."""
    styles = re.findall(r'<link rel="stylesheet" href="([^"]+)">', text)
    assert styles[0].startswith("/a/site.css?v=") and len(styles) == 2
    assert re.fullmatch(rf"/e/{slug}/brand/[0-9a-f]{{16}}\.css", styles[1])
    return str(styles[1])


def test_a_release_of_before_has_the_house_s_look(at: Any) -> None:
    old = canonical(release_of(at.place.store)).decode().replace(',"look":null', "").replace('"look":null,', "")
    assert '"look"' not in old and Release.model_validate_json(old).look is None
    text = at.client.get("/e/plain").text
    assert len(re.findall('rel="stylesheet"', text)) == 1 and "/brand/" not in text and "mark.svg" in text
    assert 'content="#0b1020"' in text and at.client.get("/e/plain/brand/0123456789abcdef.css").status_code == 404


def test_its_style_and_logo_are_kept_for_good_under_their_digests(at: Any) -> None:
    page = at.client.get("/e/acme")
    style = at.client.get(sheet(page.text))
    assert style.headers["cache-control"] == "public, max-age=31536000, immutable"
    assert style.headers["content-type"].startswith("text/css") and "--press:#0a7a4b" in style.text
    assert len(style.content) < 2000 and "style=" not in page.text
    assert "style-src 'self';" in page.headers["content-security-policy"]
    (logo,) = re.findall(r'<img class="logo" src="([^"]+)" alt="acme" width="(\d+)" height="3[23]">', page.text)
    drawn = at.client.get(logo[0])
    assert (drawn.headers["content-type"], drawn.headers["cache-control"]) == (
        "image/webp",
        style.headers["cache-control"],
    )
    with Image.open(io.BytesIO(drawn.content)) as opened:
        assert opened.format == "WEBP" and 0 <= 2 * int(logo[1]) - opened.width <= 1
        middle = opened.convert("RGBA").getpixel((4, 32))
    assert isinstance(middle, tuple) and middle[:3] == (0xFA, 0xF8, 0xF4)  # dark on a dark head: it stands on paper
    for other in ("0123456789abcdef.css", "0123456789abcdef.webp"):  # of a release before
        assert at.client.get(f"/e/acme/brand/{other}").headers["cache-control"] == "no-cache"
    for none in ("x.js", "css", ".css/..", "%2e%2e"):
        assert at.client.get(f"/e/acme/brand/{none}").status_code == 404
    assert at.client.get("/e/none/brand/0123456789abcdef.css").status_code == 404


def test_the_look_is_the_release_s_not_the_record_s(at: Any) -> None:
    before = at.client.get("/e/acme").text
    worn(at.place, signal="#AA0000")
    try:
        assert sheet(at.client.get("/e/acme").text) == sheet(before)
    finally:
        brands.drop(at.place.engine, "acme")
    (logo,) = re.findall(r'<img class="logo" src="([^"]+)"', before)
    assert at.client.get(logo).status_code == 200


def test_the_whole_site_but_the_event_stays_the_house_s(at: Any) -> None:
    for path in ("/", "/search?q=x"):
        assert "/brand/" not in at.client.get(path).text
    film = re.search(r'href="(/embed/as_[a-z2-7]+)', at.client.get("/e/acme").text)
    assert film
    text = at.client.get(film[1]).text
    sheet(text)
    assert 'class="logo"' in text


def test_a_card_that_shows_one_event_wears_its_look(at: Any) -> None:
    who = people.create(at.place.engine, slug="lin", name="林溪", company="墨川", language="zh")
    plain = events.by_slug(at.place.engine, "plain")
    assert plain and "/brand/" not in at.client.get("/c/lin").text
    people.choose(at.place.engine, who.id, [at.event.id])
    text = at.client.get("/c/lin").text
    sheet(text)
    assert 'content="#0b1020"' in text
    people.choose(at.place.engine, who.id, [at.event.id, plain.id])
    assert "/brand/" not in at.client.get("/c/lin").text


def test_the_bars_of_the_browser_take_the_ground(at: Any) -> None:
    publish(at.place, "ground", worn(at.place, ground=("#102A1C", "#16213E")))
    text = at.client.get("/e/ground").text
    assert re.findall(r'<meta name="theme-color"[^>]*content="([^"]+)"', text) == ["#102a1c", "#102a1c"]
