"""The recap: nothing in it that nobody said, every text inside the limits of its channel, in both languages."""

from __future__ import annotations

import datetime
import re
from pathlib import Path

import pytest

from repurpose import presets
from repurpose.context import Context
from repurpose.models import Brand, Chapter, Chapters, Event, Highlights, Sentence, Slide, Slides, Speaker, Transcript
from repurpose.models.designed import Figure, Part, Point, Points, Quote, Quotes, Recap
from repurpose.publish.checks import faults_of
from repurpose.publish.recap import MAILS, write
from repurpose.publish.story import clipped
from repurpose.publish.supported import read_html, unsupported
from repurpose.publish.wording import read_wording
from repurpose.store import FolderStore

SAID = {
    "zh": (
        "回放不是录像，回放是资产。",
        "我们把成本降低了百分之四十。",
        "一个人把同一分钟看了两遍，说明他有事。",
        "第三天先发一条短片。",
    ),
    "en": (
        "A replay is not a recording, it is an asset.",
        "We cut the cost by forty percent.",
        "Someone who watches the same minute twice has a question.",
        "On the third day, post one short clip.",
    ),
}
BRAND = Brand(
    name="b", ink="#0E1525", paper="#FAF8F4", signal="#2457F5", warm="#FF6A3D", on_dark="#F5F7FC", quiet="#B9C3D9",
    spoken="#FFD84D", ground=("#0B1020", "#16213E"), cta="", link="https://example.com/watch?from=recap",
)  # fmt: skip
CHANNELS = presets.load().channels
languages = pytest.mark.parametrize("language", ["zh", "en"])


def _written(folder: Path, language: str, **other: object) -> tuple[Recap, FolderStore]:
    store = FolderStore(folder / "store")
    said = SAID[language]
    sentences = tuple(
        Sentence(start=60_000 * k, end=60_000 * k + 5000, text=text, speaker="周远") for k, text in enumerate(said)
    )
    title = {"zh": "一场直播，用足六十天 <A&B>", "en": "One webinar, sixty days of leads <A&B>"}[language]
    picture = store.put_bytes(b"\xff\xd8 a page", ".jpg")
    event = Event(
        name="talk", title=title, date=datetime.date(2026, 10, 15), terms=("回放", "replay"),
        speakers=(Speaker(name="林溪", role="host"), Speaker(name="周远", title="VP", company="Zhanqiao")),
    )  # fmt: skip
    ends = ".。"
    points = Points(
        thesis=Point(text=said[0].rstrip(ends), sentences=(0,), at=0),
        parts=(
            Part(title="A", start=0, chapter=0, slide=0, points=(
                Point(text=said[1].rstrip(ends), sentences=(1,), at=60_000),
                Point(text="成本降低了 55%" if language == "zh" else "Costs fell by 55% at Acme", sentences=(1,), at=60_000),
            )),
            Part(title="B", start=120_000, chapter=1, points=(Point(text=said[3].rstrip(ends), sentences=(3,), at=180_000),)),
        ),
        figures=(Figure(number="40%", point=Point(text=said[1].rstrip(ends), sentences=(1,), at=60_000)),),
    )  # fmt: skip
    quotes = Quotes(quotes=(Quote(start=120_000, end=125_000, sentences=(2,), text=said[2], speaker="周远"),))
    chapters = Chapters(
        items=(
            Chapter(start=0, end=120_000, title="A", first=0, last=1),
            Chapter(start=120_000, end=200_000, title="B", first=2, last=3),
        )
    )
    given = {
        "event": event, "brand": BRAND, "spoken": Transcript(language=language, sentences=sentences),
        "chapters": chapters, "highlights": Highlights(), "points": points, "quotes": quotes,
        "slides": Slides(pages=(Slide(start=0, end=100_000, image=picture, title="A"),)), "preset": CHANNELS,
    } | other  # fmt: skip
    return write(**given, ctx=Context(folder, store)), store  # type: ignore[arg-type]


@languages
def test_every_text_is_there_and_inside_its_limits(tmp_path: Path, language: str) -> None:
    recap, store = _written(tmp_path, language)
    text = {file.path: store.path(file.file).read_text("utf-8", errors="replace") for file in recap.files}
    posts = {name for name, channel in CHANNELS.items.items() if channel.takes == "post"}
    assert {f"posts/{name}.txt" for name in posts} | {"wechat.html", "blog.html", "blog.md", "recap.json"} <= set(text)
    assert {f"email-{kind}{suffix}" for kind in MAILS for suffix in (".html", ".txt")} <= set(text)
    for file in recap.files:
        channel = CHANNELS.items.get(file.channel)
        if channel is not None:
            assert not channel.title or channel.title_least <= len(file.title) <= channel.title, file.path
            assert not channel.text_bytes or file.file.size <= channel.text_bytes + 200, file.path
            assert not channel.text or len(text[file.path]) <= channel.text + 200, file.path
    article = next(file for file in recap.files if file.kind == "article")
    assert len(article.title) <= 32 and len(article.digest) <= 128 and article.digest
    assert not re.search(r"<script|<style|<link|<a |class=|https?://", text["wechat.html"])
    assert 'src="pictures/01.jpg"' in text["wechat.html"] and "&lt;A&amp;B&gt;" in text["wechat.html"]
    for name in ("douyin", "shipinhao"):
        assert "://" not in text[f"posts/{name}.txt"]


@languages
def test_what_nobody_said_is_left_out_and_what_was_said_stays(tmp_path: Path, language: str) -> None:
    recap, store = _written(tmp_path, language)
    for file in recap.files:
        if file.kind in ("article", "blog", "mail", "post"):
            text = store.path(file.file).read_text("utf-8")
            assert "55" not in text.replace("#5B6475", "") and "Acme" not in text, file.path
    page = next(store.path(file.file).read_text("utf-8") for file in recap.files if file.path == "blog.html")
    assert "40%" in page and SAID[language][2] in read_html(page)


@languages
def test_links_open_the_moment_and_tell_where_they_were_clicked(tmp_path: Path, language: str) -> None:
    recap, store = _written(tmp_path, language)
    text = {file.path: store.path(file.file).read_text("utf-8") for file in recap.files if file.path.endswith(".txt")}
    assert (
        "from=recap&asset=" in text["email-attended.txt"]
        and "channel=email-attended&t=60" in text["email-attended.txt"]
    )
    assert "channel=email-vip&t=120" in text["email-vip.txt"] and "{{name}}" in text["email-vip.txt"]
    assert "{{unsubscribe}}" in text["email-missed.txt"] and "channel=linkedin" in text["posts/linkedin.txt"]


def test_without_a_link_or_a_brand_nothing_points_nowhere(tmp_path: Path) -> None:
    recap, store = _written(tmp_path, "zh", brand=BRAND.model_copy(update={"link": ""}))
    for file in recap.files:
        if file.kind in ("blog", "mail", "post"):
            text = store.path(file.file).read_text("utf-8")
            assert 'href=""' not in text and "]()" not in text and "://" not in text, file.path


def test_silence_has_no_recap_and_says_so(tmp_path: Path) -> None:
    recap, _ = _written(tmp_path, "zh", spoken=Transcript(language=""))
    assert recap.files == () and recap.why == "nothing was said"


def test_the_gate_refuses_numbers_names_and_what_an_editor_strips() -> None:
    said = "我们把成本降低了百分之四十。周远说，Acme 也这样做。"
    assert unsupported("成本降低 40%，Acme 也是。见 12:30，https://e.com/?t=99", said) == []
    assert unsupported("成本降低 45%。", said) == ["45%"]
    assert unsupported("Globex 也是。", said) == ["Globex"]
    assert unsupported("王明老师这样说。", said) == ["王明老师"]
    assert unsupported("On Monday, Dana said so.", "we did it", ["Dana Osei"]) == ["On", "Monday"]
    article = CHANNELS.items["wechat"]
    for html in ("<p class='x'>a</p>", "<script>1</script>", "<p onclick='x'>a</p>", "<a href='https://e.com'>a</a>"):
        assert faults_of("article", html, "题", "摘要", article, said, ())
    assert faults_of("article", "<p>a</p>", "题" * 33, "摘要", article, said, ())
    assert faults_of("article", "<p>a</p>", "题", "摘要", article, said, ()) == []


def test_clipping_ends_after_a_phrase() -> None:
    assert clipped("一场直播，用足六十天", 20, "zh") == "一场直播，用足六十天"
    assert clipped("一场直播，用足六十天", 6, "zh") == "一场直播"
    assert clipped("Turn one webinar into sixty days of leads", 24, "en") == "Turn one webinar"


def test_both_languages_have_the_same_wording() -> None:
    def shape(value: object) -> object:
        if isinstance(value, dict):
            return {key: shape(part) for key, part in value.items()}
        return None

    folder = presets.assets() / "locales"
    zh, en = (read_wording(folder, language) for language in ("zh", "en"))  # type: ignore[arg-type]
    assert shape(zh.texts) == shape(en.texts)
    assert not re.search(r"\d", zh.every() + en.every())


def test_a_text_that_breaks_a_limit_is_left_out_and_the_others_are_there(tmp_path: Path) -> None:
    strict = CHANNELS.items["shipinhao"].model_copy(update={"title_least": 200, "title": 300})
    recap, _ = _written(tmp_path, "zh", preset=presets.Channels(items=CHANNELS.items | {"shipinhao": strict}))
    paths = [file.path for file in recap.files]
    assert "posts/shipinhao.txt" not in paths
    assert recap.why.startswith("posts/shipinhao.txt was left out: title is ")
    assert "wechat.html" in paths
