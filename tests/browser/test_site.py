"""The site in a real browser, as a reader on a phone and at a desk meets it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from urllib.parse import urlsplit

import pytest

from repurpose.db import events, people, submissions
from repurpose.models import CallToAction, Package, Speaker
from repurpose.models.published import FormField, SiteSettings
from repurpose.pipeline import release
from repurpose.publish.release import compose
from tests.browser.test_page import CONTRAST
from tests.publish.sample import packed, parts
from tests.web.served import served

pytestmark = pytest.mark.browser

TRAP = "/trap"  # asked for only by markup that should have been text
EVIL = (
    f'"><img src={TRAP} onerror=alert(1)>', f"</script><script src={TRAP}></script>", "javascript:alert(1)",
    f"'><svg onload=fetch('{TRAP}')>", "{{7*7}}${7*7}", f"</title><iframe src={TRAP}>", f"</textarea><body onload=alert(1) background={TRAP}>",
    f"<style>@import '{TRAP}'</style>", "\u2028</script>", f"--><object data={TRAP}>", f'" autofocus onfocus=alert(1) style="background:url({TRAP})',
)  # fmt: skip


def publish(place: Any, slug: str, given: dict[str, Any], package: Package, *, evil: bool = False) -> Any:
    """The sample's package as a release; `evil` writes markup into every field a person or a machine fills in."""
    names = iter(EVIL * 40)
    site = SiteSettings(summary="一句话。", topics=("库存",))
    spoken, chapters, slides = given["spoken"], given["chapters"], given["slides"]
    if evil:
        speakers = tuple(Speaker(name=next(names), title=next(names), company=next(names)) for _ in range(len(EVIL)))
        event = package.event.model_copy(
            update={
                "title": " ".join(EVIL),
                "speakers": speakers,
                "cta": CallToAction(text=next(names), url="javascript:alert(1)"),
            }
        )
        assets = tuple(asset.model_copy(update={"alt": next(names)}) for asset in package.assets)
        package = package.model_copy(update={"event": event, "assets": assets})
        spoken = spoken.model_copy(
            update={
                "sentences": tuple(
                    one.model_copy(update={"text": next(names), "speaker": next(names)}) for one in spoken.sentences
                )
            }
        )
        chapters = chapters.model_copy(
            update={"items": tuple(one.model_copy(update={"title": next(names)}) for one in chapters.items)}
        )
        slides = slides.model_copy(
            update={
                "pages": tuple(
                    one.model_copy(update={"title": next(names), "text": next(names)}) for one in slides.pages
                )
            }
        )
        fields = (
            *(FormField(key=f"f{k}", kind="text", label=text, required=False) for k, text in enumerate(EVIL)),
            FormField(key="pick", kind="choice", label=next(names), choices=EVIL),
            FormField(key="consent", kind="consent", label=next(names)),
        )
        site = SiteSettings(summary=" ".join(EVIL), topics=EVIL, form=fields)
    content = compose(slug, package, spoken, chapters, slides, given["highlights"], site)
    row = events.create(
        place.engine, slug=slug, title=package.event.title, language="zh", date="2026-11-05", settings=site
    )
    made = release.enter(place, row, content, "test")
    return release.point(place, row.id, made.number, "test")


@pytest.fixture(scope="module")
def at(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    folder = tmp_path_factory.mktemp("site")
    with served(folder / "home") as server:
        given = parts(folder / "sample", server.place.store)
        package = packed(folder / "sample", server.place.store, **given)
        event = publish(server.place, "ku-cun", given, package)
        publish(server.place, "evil", given, package, evil=True)
        text = "".join(EVIL)
        who = people.create(
            server.place.engine, slug="evil", name=text, title=text, company=text, about=text, phone=text[:40],
            email=f"{EVIL[0]}@x", calendar="javascript:alert(1)", language="zh",
        )  # fmt: skip
        people.choose(server.place.engine, who.id, [event.id])
        yield SimpleNamespace(base=server.base, place=server.place, event=event)


class Reader:
    """A browser on the site, and everything it logged, asked for, or was made to say."""

    def __init__(self, browser: Any, at: Any, width: int = 1440, theme: str = "light", **more: Any) -> None:
        self.base = at.base
        self.context = browser.new_context(
            viewport={"width": width, "height": 844 if width < 500 else 900}, color_scheme=theme, locale="zh-CN", **more
        )
        self.page = self.context.new_page()
        self.logged: list[str] = []
        self.asked: list[str] = []
        self.page.on("console", lambda message: self.logged.append(message.text))
        self.page.on("pageerror", lambda error: self.logged.append(str(error)))
        self.page.on("request", lambda request: self.asked.append(request.url))
        self.page.on("dialog", lambda dialog: (self.logged.append(f"dialog {dialog.message}"), dialog.dismiss()))

    def __enter__(self) -> Any:
        return self.page

    def __exit__(self, kind: object, *_: object) -> None:
        self.context.close()
        if kind is None:
            assert self.logged == []
            outside = [url for url in self.asked if not url.startswith((self.base, "data:", "blob:"))]
            assert not outside, "the page needs another host"
            assert not [url for url in self.asked if urlsplit(url).path == TRAP]


def at_second(page: Any, seconds: float) -> None:
    page.wait_for_function(
        "at => { const v = document.querySelector('#video'); return Math.abs(v.currentTime - at) < 3; }", arg=seconds
    )


def test_from_a_search_to_the_files(chromium: Any, at: Any) -> None:
    with Reader(chromium, at, permissions=["clipboard-read", "clipboard-write"]) as page:
        page.goto(f"{at.base}/")
        page.fill("#q-top", "库存 降低")
        page.press("#q-top", "Enter")
        page.click(".hits ol a")
        page.wait_for_url("**/e/ku-cun?t=12*")
        at_second(page, 12)
        page.fill("#find-in", "关键")
        assert page.locator("[data-line]:visible").count() == 1
        assert page.text_content("#found") == "找到 1 处"
        page.press("#find-in", "Enter")
        at_second(page, 18)
        page.wait_for_selector('[data-line][data-at="18000"][aria-current="true"]')
        page.wait_for_selector("#programme [data-at='12000'][aria-current='true']")
        page.click("[data-share]")
        page.wait_for_selector(".toast")
        copied = page.evaluate("navigator.clipboard.readText()")
        assert re.fullmatch(rf"{at.base}/l/[0-9A-Za-z]{{12}}\?t=\d+", copied)
        page.evaluate("document.querySelector('#video').pause()")
        page.fill("[name=name]", "林溪")
        page.fill("[name=company]", "墨川")
        page.fill("[name=email]", "no")
    # the answer 422 is written into the browser's log, so this part has a reader of its own
    reader = Reader(chromium, at)
    page = reader.page
    page.goto(f"{at.base}/e/ku-cun")
    page.fill("[name=name]", "林溪")
    page.fill("[name=company]", "墨川")
    page.fill("[name=email]", "no")
    page.check("[name=consent]")
    page.click("#lead [type=submit]")
    page.wait_for_selector("#why-email:not(:empty)")
    assert page.evaluate("document.activeElement.name") == "email"
    page.fill("[name=email]", "lin@example.com")
    page.click("#lead [type=submit]")
    page.wait_for_selector("#kit .thanks")
    with page.expect_download() as download:
        page.click("#kit .files a[href$='slides.pdf']")
    assert Path(download.value.path()).read_bytes()[:5] == b"%PDF-"
    page.reload()
    assert page.locator("#lead").count() == 0
    reader.context.close()
    assert submissions.of_event(at.place.engine, at.event.id)[0].fields["email"] == "lin@example.com"


def test_a_tracked_link_opens_the_moment(chromium: Any, at: Any) -> None:
    with Reader(chromium, at) as page:
        page.goto(f"{at.base}/e/ku-cun")
        link = page.get_attribute("[data-share]", "data-share")
        page.goto(f"{at.base}{link}?t=20")
        at_second(page, 20)


def test_keys_speed_and_where_the_reader_left_off(chromium: Any, at: Any) -> None:
    with Reader(chromium, at) as page:
        page.goto(f"{at.base}/e/ku-cun")
        page.wait_for_function("() => document.querySelector('#video').readyState >= 1")
        page.click("[data-speed='1.5']")
        assert page.evaluate("document.querySelector('#video').playbackRate") == 1.5
        page.evaluate("document.activeElement.blur()")
        page.keyboard.press("l")
        at_second(page, 10)
        page.keyboard.press("ArrowLeft")
        at_second(page, 5)
        page.keyboard.press("/")
        assert page.evaluate("document.activeElement.id") == "find-in"
        page.keyboard.press("Escape")
        page.evaluate("document.activeElement.blur(); document.querySelector('#video').muted = true")
        page.keyboard.press("k")
        page.wait_for_function("() => !document.querySelector('#video').paused")
        page.wait_for_function("() => document.querySelector('#video').currentTime > 6")
        page.evaluate("localStorage.setItem('left-off:ku-cun', '8')")
        page.goto(f"{at.base}/e/ku-cun")
        assert page.evaluate("document.querySelector('#video').playbackRate") == 1.5


def test_versions_and_posters_are_held_up(chromium: Any, at: Any) -> None:
    with Reader(chromium, at, 390) as page:
        page.goto(f"{at.base}/e/ku-cun")
        page.click(".takes .cover >> nth=0")
        page.wait_for_function("() => document.querySelector('dialog video')?.currentTime > 0")
        page.click("dialog .ghost >> nth=0")
        at_second(page, 6)
        page.click(".posters a >> nth=0")
        assert page.locator("dialog img").evaluate(
            "image => image.complete || new Promise(done => image.onload = () => done(true))"
        )
        page.click("dialog footer button:has-text('播放动态版')")
        page.wait_for_function("() => document.querySelector('dialog video')?.currentTime > 0")
        with page.expect_download() as download:
            page.click("dialog footer a:has-text('MP4')")
        assert Path(download.value.path()).read_bytes()[4:8] == b"ftyp"
        page.keyboard.press("Escape")
        page.wait_for_selector("dialog", state="detached")


def test_the_film_stays_in_sight(chromium: Any, at: Any) -> None:
    for width in (390, 1440):
        with Reader(chromium, at, width) as page:
            page.goto(f"{at.base}/e/ku-cun")
            page.evaluate(
                "document.documentElement.style.scrollBehavior = 'auto'; document.querySelector('#video').muted = true"
            )
            page.evaluate("document.querySelector('#video').play()")
            page.evaluate("document.querySelector('#slides').scrollIntoView()")
            page.wait_for_selector("#film.docked")
            page.evaluate("scrollTo(0, 0)")
            page.wait_for_selector("#film:not(.docked)")


def test_a_jump_lands_where_it_leads(chromium: Any, at: Any) -> None:
    """Over parts that were never in view and pictures that are not there yet."""
    for width in (390, 1440):
        with Reader(chromium, at, width, reduced_motion="reduce") as page:
            for part in ("speakers", "versions", "slides"):
                page.goto(f"{at.base}/e/ku-cun")
                page.click(f".sections a[href='#{part}']")
                page.wait_for_function(
                    "() => [...document.images].every(image => image.complete || !image.checkVisibility({ contentVisibilityAuto: true }))"
                )
                far = page.evaluate(f"document.querySelector('#{part}').getBoundingClientRect().top")
                bottom = page.evaluate("document.documentElement.scrollHeight - innerHeight - scrollY")
                assert abs(far) < 100 or bottom < 2, f"{part} lies {far} px away"


def test_it_works_without_script(chromium: Any, at: Any) -> None:
    with Reader(chromium, at, 390, java_script_enabled=False) as page:
        page.goto(f"{at.base}/e/ku-cun")
        assert page.get_attribute(".thread a >> nth=1", "href") == "/e/ku-cun?t=12#player"
        page.click(".thread a >> nth=1")
        assert page.locator("source[src$='#t=12']").count() == 1
        assert page.locator("#desk").is_hidden()
        page.click(".tongue a[lang=en]")
        assert page.text_content("#transcript h2") == "Transcript"
        page.click(".takes .cover >> nth=0")
        page.wait_for_url("**/embed/as_*")
        assert page.locator("video[controls]").count() == 1
        page.goto(f"{at.base}/e/ku-cun")
        for name, text in (("name", "Ada"), ("company", "墨川"), ("email", "ada@example.com")):
            page.fill(f"[name={name}]", text)
        page.check("[name=consent]")
        page.click("#lead [type=submit]")
        page.wait_for_selector("#kit .thanks")
        assert page.locator("#kit a[href$='slides.pdf']").count() == 1


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("width", [1440, 390])
def test_it_can_be_read_everywhere(chromium: Any, at: Any, width: int, theme: str) -> None:
    with Reader(chromium, at, width, theme) as page:
        for path in ("/e/ku-cun", "/e/ku-cun?lang=en", "/", "/search?q=库存", "/c/evil"):
            page.goto(f"{at.base}{path}")
            assert page.evaluate("document.documentElement.scrollWidth") <= width, f"{path} scrolls sideways"
            assert page.evaluate(CONTRAST) == [], path
            unnamed = page.evaluate(
                "[...document.querySelectorAll('a, button')].filter(e => e.checkVisibility() && e.getAttribute('tabindex') !== '-1'"
                " && !(e.textContent.trim() || e.getAttribute('aria-label') || e.querySelector('img[alt]:not([alt=\"\"])'))).length"
            )
            assert unnamed == 0, path
            images = page.evaluate("[...document.querySelectorAll('img:not([alt])')].length")
            assert images == 0, path


def test_markup_stays_text_with_and_without_script(chromium: Any, at: Any) -> None:
    for script in (True, False):
        with Reader(chromium, at, java_script_enabled=script) as page:
            for path in ("/e/evil", "/c/evil", "/", "/search?q=alert"):
                page.goto(f"{at.base}{path}")
                if script and path == "/e/evil":
                    page.evaluate("document.querySelectorAll('details').forEach(d => d.open = true)")
                    page.fill("#find-in", "onerror")
                    page.click(".takes .cover >> nth=0")
                    page.click("dialog .close")
                    page.click(".posters a >> nth=0")
                    page.click("dialog .close")
