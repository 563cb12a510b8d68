"""The one-picture summary: nothing on it that was not said, no line cut by a slice, whole pages, a code that opens."""

from __future__ import annotations

import io
import json
from itertools import pairwise
from pathlib import Path

import cv2
import numpy as np
import pytest
from PIL import Image

from repurpose.context import Context
from repurpose.design.art import Pieces, drawn
from repurpose.design.flow import Desk
from repurpose.design.laid import Laid, Type, cuts, taken
from repurpose.design.points import pointed
from repurpose.design.summary import composed, content_of, draw_summary, kept
from repurpose.models import (
    Brand,
    CallToAction,
    Chapter,
    Chapters,
    Event,
    Highlight,
    Highlights,
    Quotes,
    Sentence,
    Slides,
    Transcript,
)
from repurpose.models.designed import Points, Portraits
from repurpose.presets import shipped
from repurpose.presets.summaries import SummariesPreset, SummaryPreset
from repurpose.presets.toml import read
from repurpose.store import FolderStore
from repurpose.text.clock import clock
from repurpose.text.numerals import unsaid
from tests.design.events import pages, quote, talk
from tests.matrix import quick_first

SHARED = Path(__file__).parents[2] / ".." / "shared" / "media"
BRAND = Brand(
    name="test", ink="#0E1525", paper="#FAF8F4", signal="#2457F5", warm="#FF6A3D", on_dark="#F5F7FC", quiet="#B9C3D9",
    spoken="#FFD84D", ground=("#0B1020", "#16213E"), link="https://example.com/replay",
)  # fmt: skip
PRESETS = {
    path.stem: read(path, SummaryPreset, name=path.stem) for path in sorted((shipped() / "summaries").glob("*.toml"))
}


def page_image() -> bytes:
    file = io.BytesIO()
    Image.new("RGB", (640, 360), "#E4E9F2").save(file, "PNG")
    return file.getvalue()


def laid_out(event: Event, spoken: Transcript, points: Points, quotes: Quotes, name: str, language: str) -> Laid:
    art = Pieces(link=BRAND.link, ratios={"code": 1.0, "slide:0": 16 / 9, "slide:1": 16 / 9})
    content = content_of(event, spoken, points, quotes.quotes, BRAND, language, PRESETS[name], BRAND.link, art)
    return composed(content, PRESETS[name], Desk(language, None, kept(event)))


def walk(laid: Laid, event: Event, spoken: Transcript) -> int:
    """Every text on the picture: what was said is in its sentences, with its numbers, its time and its speaker."""
    given = json.dumps(event.model_dump(mode="json"), ensure_ascii=False)
    names = [who.name for who in event.speakers]
    checked = 0
    for mark in laid.marks:
        if not isinstance(mark, Type):
            continue
        assert mark.setting.lines
        assert all(line.text and line.text[0] not in "，。、；：！？”」" for line in mark.setting.lines)
        if mark.cite.source != "said":
            assert mark.cite.source == "label" or not [n for n in names if n in mark.text and n not in given]
            continue
        cited = [spoken.sentences[at] for at in mark.cite.sentences]
        assert cited
        at, speaker = clock(cited[0].start), cited[0].speaker or ""
        if mark.text in (at, f"{speaker} {at}".strip()):  # whose it is, and when
            checked += 1
            continue
        near = spoken.sentences[max(0, mark.cite.sentences[0] - 34) : mark.cite.sentences[-1] + 34]
        whole = cited if mark.cite.speaker or len(cited) == 1 else near  # a chapter's title cites its chapter
        said = " ".join(sentence.text for sentence in whole)
        assert unsaid(mark.text, said) == [], mark.text
        assert not [name for name in names if name in mark.text and name not in said + speaker], mark.text
        checked += 1
    return checked


def made(language: str, tmp_path: Path) -> tuple[FolderStore, Event, Transcript, Slides, Points, Quotes]:
    store = FolderStore(tmp_path / "store")
    event, spoken, chapters, highlights = talk(language)
    slides = pages(language, store, page_image())
    points = pointed(spoken, chapters, highlights, slides, event)
    return store, event, spoken, slides, points, Quotes(quotes=(quote(spoken, 6), quote(spoken, 4)))


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("name", quick_first(sorted(PRESETS, reverse=True)))
def test_every_text_on_it_was_said_where_it_says(name: str, language: str, tmp_path: Path) -> None:
    _, event, spoken, _, points, quotes = made(language, tmp_path)
    assert walk(laid_out(event, spoken, points, quotes, name, language), event, spoken) >= 6


@pytest.mark.slow
@pytest.mark.parametrize("language", quick_first(["zh", "en"]))
def test_pictures_are_whole_and_their_code_opens(language: str, tmp_path: Path) -> None:
    store, event, spoken, slides, points, quotes = made(language, tmp_path)
    event = event.model_copy(update={"cta": CallToAction(text="领取资料包", url="https://example.com/kit")})
    ctx = Context(tmp_path, store)
    presets = SummariesPreset(items=PRESETS)
    pictures = draw_summary(event, BRAND, Portraits(), slides, spoken, points, quotes, presets, ctx).pictures
    for picture in pictures:
        with Image.open(store.path(picture.image)) as image:
            assert image.size == (picture.width, picture.height)
            assert image.format == "JPEG"
        assert picture.image.size <= 1_000_000
    long = [picture for picture in pictures if picture.template == "long"]
    assert sum(picture.height for picture in long[1:]) == long[0].height
    page = next(picture for picture in pictures if picture.template == "page")
    assert (page.width, page.height) == (1080, 1440)
    for picture in (long[-1], page):
        found, _, _ = cv2.QRCodeDetector().detectAndDecode(cv2.imread(str(store.path(picture.image))))
        assert found == picture.link != ""


@pytest.mark.slow
@pytest.mark.parametrize("most", quick_first([1920, 500, 900]))
def test_slices_cut_no_text(most: int, tmp_path: Path) -> None:
    _, event, spoken, _, points, quotes = made("zh", tmp_path)
    laid = laid_out(event, spoken, points, quotes, "long", "zh")
    places = cuts(laid, most)
    assert places
    assert all(not top < place < bottom for place in places for top, bottom in taken(laid))
    art = Pieces(link=BRAND.link, pictures={f"slide:{k}": Image.new("RGB", (640, 360), "#E4E9F2") for k in (0, 1)})
    whole = np.asarray(drawn(laid, BRAND, art, PRESETS["long"])).astype(int)
    for place in places:  # a row of ground, crossed by nothing but the rail of the timeline
        steps = np.abs(np.diff(whole[place], axis=0)).max(axis=1) > 12
        assert int(steps.sum()) <= 4
    assert all(b > a for a, b in pairwise([0, *places, whole.shape[0]]))


def test_nothing_said_is_no_summary(tmp_path: Path) -> None:
    store, event, spoken, slides, _, _ = made("zh", tmp_path)
    made_of_nothing = draw_summary(
        event,
        BRAND,
        Portraits(),
        slides,
        spoken,
        Points(),
        Quotes(),
        SummariesPreset(items=PRESETS),
        Context(tmp_path, store),
    )
    assert made_of_nothing.pictures == ()
    assert made_of_nothing.skipped


@pytest.mark.shared
@pytest.mark.parametrize(("name", "language"), [("zh_talk_35min", "zh"), ("en_talk_19min", "en")])
def test_numbers_of_a_real_transcript_were_said_at_the_cited_time(name: str, language: str) -> None:
    path = SHARED / f"{name}.segments.json"
    if not path.exists():
        pytest.skip("the recordings are not here")
    sentences = tuple(
        Sentence(start=round(1000 * one["start"]), end=round(1000 * one["end"]), text=one["text"], speaker="Lin")
        for one in json.loads(path.read_text("utf-8"))
    )
    spoken = Transcript(language=language, sentences=sentences)
    highlights = Highlights(
        items=tuple(
            Highlight(start=one.start, end=one.end, sentence=at, score=0.3 + 0.4 * (at % 7) / 7)
            for at, one in enumerate(sentences)
        )
    )
    edges = [*range(0, len(sentences), 32), len(sentences)]
    chapters = Chapters(
        items=tuple(
            Chapter(
                start=sentences[a].start,
                end=sentences[b - 1].end,
                title=sentences[a].text[:12].strip(),
                first=a,
                last=b - 1,
            )
            for a, b in pairwise(edges)
        )
    )
    event = Event(name=name)
    points = pointed(spoken, chapters, highlights, Slides(), event)
    assert len(points.figures) >= 3
    assert len(points.parts) >= 3
    quotes = Quotes(quotes=(quote(spoken, 8), quote(spoken, 12)))
    for preset in PRESETS:
        laid = laid_out(event, spoken, points, quotes, preset, language)
        assert walk(laid, event, spoken) >= 6
        assert all(not top < place < bottom for place in cuts(laid, 1920) for top, bottom in taken(laid))
