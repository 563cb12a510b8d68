"""Strings that would run where they were taken for markup, in every field a person can set, shown by a real browser.

Many of them stand in one event, a different one in every sentence, chapter, page, speaker, topic, question and file name, and all of
them in what there is only one of: 300 are shown in some dozens of pages. `REPURPOSE_MARKUP=300` shows them all. What a page did is
seen in four ways: dialogs and logs, a property of the window, requests for the trap or for another host, and any element, attribute
or address that the same pages with plain words in them do not have.
"""

from __future__ import annotations

import io
import os
from collections.abc import Iterator, Sequence
from itertools import cycle
from typing import Any
from urllib.parse import quote, urlencode, urlsplit

import pytest
from PIL import Image

from repurpose.db import events, links, people, submissions
from repurpose.models import (
    Asset,
    CallToAction,
    Chapter,
    Chapters,
    Cue,
    Highlight,
    Highlights,
    Reason,
    Slide,
    Slides,
    Speaker,
)
from repurpose.models.published import FormField, Release, SiteSettings
from repurpose.pipeline import release
from repurpose.text.subtitles import to_vtt
from repurpose.web.limits import Limits
from tests.publish.released import STEP, release_of
from tests.web.hostile import TRAP, markup
from tests.web.served import served

pytestmark = pytest.mark.browser
STRINGS = int(os.environ.get("REPURPOSE_MARKUP", "30"))
TOGETHER = 30  # strings of one event
KINDS = cycle(("name", "email", "phone", "company", "title", "text"))
TELLS = "addEventListener('securitypolicyviolation', e => console.error('CSP report: ' + e.violatedDirective + ' ' + e.blockedURI))"
# What stands in a document: its kinds of elements with the names of their attributes, and addresses that lead out or run.
SHAPE = """root => {
    const kinds = new Set(), odd = [], loads = ['src', 'srcset', 'poster', 'data', 'background', 'formaction', 'ping', 'action'];
    for (const element of root.querySelectorAll('*')) {
        kinds.add(element.localName);
        for (const { name, value } of element.attributes) {
            kinds.add(element.localName + ' ' + name);
            if (![...loads, 'href', 'xlink:href'].includes(name)) continue;
            let url = null;
            try { url = new URL(value, location.origin); } catch { odd.push(element.localName + ' ' + name + ' ' + value); continue; }
            const here = url.origin === location.origin && !url.pathname.endsWith('TRAP');
            const fine = loads.includes(name) ? here : here || ['https:', 'mailto:', 'tel:'].includes(url.protocol);
            if (!fine) odd.push(element.localName + ' ' + name + ' ' + value);
        }
        if (element.localName === 'script' && !(element.getAttribute('src') || '').startsWith('/a/') && !/json$/.test(element.type)) odd.push('script ' + element.textContent);
    }
    return [[...kinds], odd];
}""".replace("TRAP", TRAP)
READ = """async paths => {
    const shape = SHAPE, found = [];
    for (const path of paths) {
        const answer = await fetch(path, { headers: { accept: 'text/html,application/xml' } }), kind = answer.headers.get('content-type') || '';
        const text = await answer.text(), type = ['text/html', 'xml'].find(one => kind.includes(one)) || '';
        if (answer.status >= 500) found.push([path, [], ['status ' + answer.status]]);
        if (!type) continue;
        const made = new DOMParser().parseFromString(text, type === 'xml' ? 'text/xml' : type);
        if (made.querySelector('parsererror')) found.push([path, [], ['it is no XML']]);
        else found.push([path, ...(type === 'text/html' ? shape(made) : [[], []])]);
    }
    return found;
}""".replace("SHAPE", SHAPE)
OPENED = """async texts => {
    const input = document.querySelector('#find-in');
    for (const text of texts) { input.value = text; input.dispatchEvent(new Event('input')); }
    input.value = ''; input.dispatchEvent(new Event('input'));
    for (const each of document.querySelectorAll('details')) each.open = true;
    for (const link of [...document.querySelectorAll('.takes .cover'), ...document.querySelectorAll('.posters a'), ...document.querySelectorAll('a.whole')]) {
        link.click();
        document.querySelector('dialog[open] .close').click();
    }
    const track = document.querySelector('#video').textTracks[0];
    track.mode = 'hidden';
    for (let wait = 0; wait < 500 && !track.cues?.length; wait += 1) await new Promise(done => setTimeout(done, 20));
    for (const cue of track.cues) document.querySelector('main').append(cue.getCueAsHTML());
    return track.cues.length;
}"""
SENT = """address => {
    const form = document.querySelector('#lead');
    form.elements.email.value = address;
    form.elements.consent.checked = true;
    form.requestSubmit();
}"""
WRITTEN = """texts => {
    const form = document.querySelector('#lead'), fields = [...form.elements].filter(field => /^f\\d+$/.test(field.name));
    fields.forEach((field, at) => { field.removeAttribute('maxlength'); field.value = texts[at % texts.length]; });
    form.elements.pick.options[0].value = texts[0];
    form.elements.pick.selectedIndex = 0;
    form.submit();
}"""


def content(place: Any, slug: str, texts: Sequence[str]) -> Release:
    """A release in which a different one of `texts` stands in each of everything, and all of them in what there is one of."""
    drawn, joined, store = io.BytesIO(), "\n".join(texts), place.store
    Image.new("RGB", (32, 18), "white").save(drawn, "JPEG")
    picture = store.put_bytes(drawn.getvalue(), ".jpg")
    base = release_of(store, slug, title=slug, said=texts, pages=texts)
    film = next(each for each in base.package.assets if each.kind == "video")
    assets: list[Asset] = [
        Asset(path="summary/long.jpg", kind="summary", file=picture, alt=joined, width=32, height=18),
        Asset(path="transcript.vtt", kind="captions", file=store.put_bytes(captions(texts), ".vtt"), language="zh"),
    ]
    for at, text in enumerate(texts):
        named = f"{text.replace('/', '⁄')[:80]}{at}"
        shown = {"file": picture, "alt": text, "width": 32, "height": 18}
        assets += [
            Asset(path=f"posters/{named}.jpg", kind="poster", sentences=(at,), **shown),
            Asset(path=f"covers/{named}.jpg", kind="cover", **shown),
            film.model_copy(update={"path": f"cuts/{named}.mp4", "cut": f"{text[:40]}{at}", "alt": text}),
            Asset(path=f"speakers/{named}.jpg", kind="portrait", **shown),
            Asset(path=f"slides/{named}.jpg", kind="slide", **shown),
            Asset(path=f"{named}.pdf", kind="deck", file=store.put_bytes(b"deck", ".pdf"), alt=text),
        ]
    event = base.package.event.model_copy(
        update={
            "title": joined,
            "speakers": tuple(Speaker(name=text, title=text, company=text, role="host") for text in texts),
            "cta": CallToAction(text=joined, url="https://a.example/" + quote(joined, safe="\"'<>")),
        }
    )
    spans = [(k * STEP, (k + 1) * STEP) for k in range(len(texts))]
    return base.model_copy(
        update={
            "package": base.package.model_copy(update={"event": event, "assets": tuple(assets)}),
            "spoken": base.spoken.model_copy(
                update={"sentences": tuple(one.model_copy(update={"speaker": one.text}) for one in base.spoken.sentences)}
            ),
            "chapters": Chapters(items=tuple(Chapter(start=a, end=b, title=text, first=k, last=k, slide=k) for k, ((a, b), text) in enumerate(zip(spans, texts, strict=True)))),
            "slides": Slides(pages=tuple(Slide(start=a, end=b, image=picture, title=text, text=text) for (a, b), text in zip(spans, texts, strict=True))),
            "highlights": Highlights(items=tuple(Highlight(start=a, end=b, sentence=k, score=0.5, because=(Reason(signal="words", share=0.5),)) for k, (a, b) in enumerate(spans))),
            "site": settings(texts),
        }
    )  # fmt: skip


def captions(texts: Sequence[str]) -> bytes:
    return to_vtt([Cue(start=0, end=9000, lines=(text,)) for text in texts]).encode()


def settings(texts: Sequence[str]) -> SiteSettings:
    return SiteSettings(
        summary="\n".join(texts), topics=tuple(texts), embed=tuple(texts),
        form=(
            *(FormField(key=f"f{k}", kind=next(KINDS), label=text, required=False) for k, text in enumerate(texts)),
            FormField(key="pick", kind="choice", label=texts[0], choices=tuple(texts), required=False),
            FormField(key="email", kind="email"), FormField(key="consent", kind="consent", label=texts[-1]),
        ),
    )  # fmt: skip


def entered(place: Any, slug: str, texts: Sequence[str]) -> str:
    """An event, a card, a link and a lead that say `texts`; the code of the link."""
    joined, site = "\n".join(texts), settings(texts)
    row = events.create(place.engine, slug=slug, title=joined, language="zh", date="2026-11-05", settings=site)
    event = release.point(place, row.id, release.enter(place, row, content(place, slug, texts), "test").number, "test")
    who = people.create(
        place.engine, slug=slug, name=joined, title=joined, company=joined, about=joined, phone=joined, email=joined,
        calendar="https://a.example/" + joined, language="zh",
    )  # fmt: skip
    people.choose(place.engine, who.id, [event.id])
    submissions.add(place.engine, event.id, {"name": joined, "f1": joined}, visitor="", link=None, consent=None)
    return links.make(place.engine, "event", by="test", event_id=event.id, channel=joined[:60]).code


class Watched:
    """A page of a browser and whatever markup made it do; `kinds` are the elements and attributes that pages may have."""

    def __init__(self, browser: Any, base: str, kinds: set[str], **more: Any) -> None:
        self.base, self.kinds, self.learns, self.found = base, kinds, False, list[str]()
        self.context = browser.new_context(viewport={"width": 1200, "height": 900}, locale="zh-CN", **more)
        self.context.set_default_timeout(300_000)
        self.context.add_init_script(TELLS)
        self.page = self.context.new_page()
        self.page.on("console", self._logged)
        self.page.on("pageerror", lambda error: self.found.append(f"error {error}"))
        self.page.on("request", self._asked)
        self.page.on("dialog", lambda dialog: (self.found.append(f"dialog {dialog.message}"), dialog.dismiss()))

    def _logged(self, message: Any) -> None:
        if "status of 4" not in message.text:  # a page that says 404 or 422 is what was asked for
            self.found.append(f"{message.type} {message.text}")

    def _asked(self, request: Any) -> None:
        if urlsplit(request.url).path.endswith(TRAP) or not request.url.startswith((self.base, "data:", "blob:")):
            self.found.append(f"request {request.url}")

    def _strange(self, kinds: Sequence[str]) -> list[str]:
        if self.learns:
            self.kinds.update(kinds)
        return [f"a strange {kind}" for kind in kinds if kind not in self.kinds]

    def open(self, path: str) -> list[str]:
        self.page.goto(f"{self.base}{path}")
        return self.hits()

    def hits(self) -> list[str]:
        """What happened since this was asked last, and what stands on the page now that should not."""
        if self.page.evaluate("window.hit"):
            self.found.append("window.hit was set")
        kinds, odd = self.page.evaluate(f"({SHAPE})(document)")
        found, self.found = [*self.found, *self._strange(kinds), *odd], []
        return [f"{self.page.url[:200]}: {one}" for one in found]

    def parsed(self, paths: Sequence[str]) -> list[str]:
        """The same of pages that are only read: the browser parses them, and runs nothing."""
        return [
            f"{path[:200]}: {one}"
            for path, kinds, odd in self.page.evaluate(READ, list(paths))
            for one in [*self._strange(kinds), *odd]
        ]


def walk(watched: Watched, slug: str, link: str, texts: Sequence[str]) -> list[str]:
    """A reader with our script and our policy: everything that can be opened, searched and sent on an event's page."""
    page, found = watched.page, watched.open(f"/e/{slug}")
    assert page.evaluate(OPENED, list(texts)) == len(texts)  # captions
    found += watched.hits()
    for address, answered in (("no", "#why-email:not(:empty)"), ("a@example.com", "#kit .thanks")):
        page.evaluate(SENT, address)
        page.wait_for_selector(answered, state="attached")
        found += watched.hits()
    sent = urlencode({"t": texts[0], "utm_source": texts[-1]})
    page.goto(f"{watched.base}/l/{link}?{sent}", referer=f"{watched.base}/?{quote(texts[0])}")
    return found + watched.hits()


def bare(watched: Watched, slug: str, texts: Sequence[str]) -> list[str]:
    """A reader whose browser knows no policy: only our escaping stands between. Twice the form comes back, filled."""
    page, found, sent = watched.page, watched.open(f"/e/{slug}"), quote("".join(texts), safe="")
    film = page.get_attribute("#video", "data-asset")
    for turn in (0, 1):
        with page.expect_navigation():
            page.evaluate(WRITTEN, [*texts[turn:], *texts[:turn]])
        found += watched.hits()
    asked = (
        f"/c/{slug}", f"/embed/{film}", f"/e/{slug}?t={sent}&lang={sent}&l={sent}&q={sent}", f"/nowhere/{sent}",
        f"/search?q={sent}", f"/login?next={sent}", f"/welcome?t={sent}",
    )  # fmt: skip
    for path in asked:
        found += watched.open(path)
    places = ("/search?q=", "/?topic=", "/e/none?lang=", f"/e/{slug}?t=", "/login?next=", "/welcome?t=", "/nowhere/")
    return found + watched.parsed([place + quote(text, safe="") for place in places for text in texts])


def shown(browser: Any, server: Any, texts: Sequence[str]) -> list[str]:
    """What all of them made a browser do. Words without any markup come first: they tell what the pages are made of."""
    groups = {"plain": [f"words 与话 {n}" for n in range(TOGETHER)]}
    groups |= {f"x-{at}": list(texts[at : at + TOGETHER]) for at in range(0, len(texts), TOGETHER)}
    made = {slug: entered(server.place, slug, group) for slug, group in groups.items()}
    kinds, found = set[str](), list[str]()
    told, free = Watched(browser, server.base, kinds), Watched(browser, server.base, kinds, bypass_csp=True)
    for slug, group in groups.items():
        server.app.state.limits = Limits()
        told.learns = free.learns = slug == "plain"
        found += walk(told, slug, made[slug], group)
        found += bare(free, slug, group)
        found += free.open("/")
        found += free.parsed(["/feed.xml", "/podcast.xml", "/sitemap.xml", f"/oembed?url={server.base}/e/{slug}"])
    told.context.close()
    free.context.close()
    return found


def test_markup_in_any_field_of_any_page_stays_text(chromium: Any, at: Any) -> None:
    texts = markup(STRINGS)
    assert len(set(texts)) == STRINGS
    assert shown(chromium, at, texts) == []


@pytest.fixture(scope="module")
def at(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    with served(tmp_path_factory.mktemp("markup") / "home") as server:
        yield server


def test_a_string_that_runs_would_be_seen(chromium: Any, at: Any) -> None:
    """The trap itself: each kind is noticed, in a document that takes it for markup."""
    free = Watched(chromium, at.base, set(), bypass_csp=True)
    for text, sign in (
        (f"<img src={TRAP}>", "request"),
        ("<img src=x onerror=window.hit=1>", "window.hit"),
        ("<script>alert(1)</script>", "dialog"),
        ("<a href=javascript:1>x</a>", "a href javascript:1"),
        ("<p onclick=1>x</p>", "a strange p onclick"),
    ):
        free.open("/nowhere")
        free.page.evaluate("text => { document.open(); document.write(text); document.close() }", text)
        assert eventually(free, sign), text
    free.context.close()
    told = Watched(chromium, at.base, set())
    told.open("/")
    told.page.evaluate("document.body.insertAdjacentHTML('beforeend', '<img src=x onerror=window.hit=1>')")
    assert eventually(told, "CSP report")
    told.context.close()


def eventually(watched: Watched, sign: str) -> bool:
    """Is this among what happened, now or within ten seconds?"""
    for _ in range(500):
        if any(sign in one for one in watched.hits()):
            return True
        watched.page.evaluate("() => new Promise(done => setTimeout(done, 20))")
    return False
