"""A brand's look in a real browser: the accent is really there, everything can be read, and nothing is logged."""

from __future__ import annotations

import re
from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any

import pytest

from repurpose.db import people
from repurpose.models.published import Release, SiteLook
from repurpose.pipeline import release
from tests.browser.test_page import CONTRAST
from tests.browser.test_site import Reader, publish
from tests.ingest.test_brand import WHITE, picture
from tests.publish.sample import packed, parts
from tests.web.served import served
from tests.web.site.test_look import look

pytestmark = [pytest.mark.browser, pytest.mark.slow]
ACCENTS = {"green": "#0A7A4B", "yellow": "#FFD400", "grey": "#808080", "black": "#101010"}


@pytest.fixture(scope="module")
def at(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    """The sample's event in four brands, one of them with a logo and a paper and a stage of its own, and once as the house has it."""
    folder = tmp_path_factory.mktemp("brand")
    with served(folder / "home") as server:
        place = server.place
        given = parts(folder / "sample", place.store)
        package = packed(folder / "sample", place.store, **given)
        publish(place, "house", given, package)
        for name, signal in ACCENTS.items():
            event = publish(place, name, given, package)
            logo = place.store.put_bytes(picture(size=(800, 100), fill=WHITE), ".png") if name == "green" else None
            worn = look(signal=signal, logo=logo, name=name)
            if name == "green":
                worn = worn.model_copy(update={"paper": "#F1F7F0", "ground": ("#06251A", "#0D3B2A")})
            wear(place, event, worn)
            if name == "green":
                who = people.create(place.engine, slug="lin", name="林溪", company="墨川", language="zh")
                people.choose(place.engine, who.id, [event.id])
        yield SimpleNamespace(base=server.base, place=place)


def wear(place: Any, event: Any, worn: SiteLook) -> None:
    """The event's next release, which wears this."""
    content = release.shown_of(place, event)
    assert isinstance(content, Release)
    made = release.enter(place, event, content.model_copy(update={"look": worn}), "test")
    release.point(place, event.id, made.number, "test")


def colour(page: Any, where: str, name: str = "backgroundColor") -> str:
    """What is painted there, #rrggbb."""
    painted = page.evaluate("([at, name]) => getComputedStyle(document.querySelector(at))[name]", [where, name])
    return "#" + "".join(f"{int(part):02x}" for part in re.findall(r"\d+", painted)[:3])


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("name", ACCENTS)
def test_the_accent_is_there_and_everything_can_be_read(chromium: Any, at: Any, name: str, theme: str) -> None:
    width = 390 if theme == "dark" else 1440
    with Reader(chromium, at, width, theme) as page:
        for language in ("zh", "en"):
            page.goto(f"{at.base}/e/{name}?lang={language}")
            assert page.evaluate(CONTRAST) == []
            assert page.evaluate("document.documentElement.scrollWidth") <= width
        assert colour(page, "#lead [type=submit]") == ACCENTS[name].lower()
        assert colour(page, "body") == {"light": "#faf8f4", "dark": "#0b1020"}[theme] or name == "green"


def test_a_whole_look_is_worn_by_page_player_and_card(chromium: Any, at: Any) -> None:
    for theme, paper in (("light", "#f1f7f0"), ("dark", "#06251a")):
        with Reader(chromium, at, theme=theme) as page:
            page.goto(f"{at.base}/e/green")
            assert (colour(page, "body"), colour(page, ".card-form")) == (paper, "#ffffff")
            assert "rgb(6, 37, 26)" in page.evaluate(
                "getComputedStyle(document.querySelector('.hero')).backgroundImage"
            )
            logo = page.locator(".top .logo")
            assert logo.evaluate("image => image.decode().then(() => image.naturalWidth)") > 100
            assert logo.evaluate("image => image.getBoundingClientRect().height") == 32
            film = page.get_attribute(".takes .cover >> nth=0", "href")
            page.goto(f"{at.base}{film}")
            assert colour(page, ".from a") == "#06251a" and page.locator(".from .logo").count() == 1
            page.goto(f"{at.base}/c/lin")
            assert colour(page, "body") == paper and colour(page, ".acts .button") == ACCENTS["green"].lower()
            assert page.evaluate(CONTRAST) == []
            page.goto(f"{at.base}/")
            assert colour(page, "body") == {"light": "#faf8f4", "dark": "#0b1020"}[theme]


def test_the_house_s_own_look_is_as_it_was(chromium: Any, at: Any) -> None:
    with Reader(chromium, at) as page:
        asked: list[str] = []
        page.on("request", lambda request: asked.append(request.url))
        page.goto(f"{at.base}/e/house")
        found = {where: colour(page, where) for where in ("body", ".top", "#lead [type=submit]", ".card-form")}
        assert found == {
            "body": "#faf8f4",
            ".top": "#0c1226",
            "#lead [type=submit]": "#2457f5",
            ".card-form": "#ffffff",
        }
        assert (colour(page, ".eyebrow", "color"), colour(page, ".sections a", "color")) == ("#b9c3d9", "#566074")
        assert not [url for url in asked if "/brand/" in url]
