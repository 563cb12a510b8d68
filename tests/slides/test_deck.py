"""The deck: every page in order, its text to be found, what was said in its notes; opened by programs that are not ours."""

from __future__ import annotations

import shutil
import subprocess
from io import BytesIO
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from repurpose.context import Context
from repurpose.models import Blob, Event, Recording, Sentence, Slide, Slides, Speaker, TextLine, Transcript, VideoFacts
from repurpose.models.designed import Deck
from repurpose.slides.deck import bind, times_of
from repurpose.store import FolderStore

LINES = (
    ("回放的价值", "一场直播，用足 60 天"),
    ("Replays that work", "Leads rise by 37 percent"),
    ("谢谢", "生僻字𠮷也不出错"),
)
BACK = 3  # the first page is shown again at the end


def _picture(store: FolderStore, number: int) -> Blob:
    out = BytesIO()
    Image.fromarray(np.full((180, 320, 3), 60 * number, np.uint8)).save(out, "JPEG")
    return store.put_bytes(out.getvalue(), ".jpg")


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> tuple[Deck, FolderStore]:
    folder = tmp_path_factory.mktemp("deck")
    store = FolderStore(folder / "store")
    pictures = [_picture(store, number) for number in range(3)]
    pages = []
    for at, which in enumerate((0, 1, 2, 0)):
        lines = tuple(
            TextLine(left=0.1, top=0.1 + 0.2 * row, right=0.1 + 0.03 * len(text), bottom=0.2 + 0.2 * row, text=text)
            for row, text in enumerate(LINES[which])
        )
        pages.append(
            Slide(
                start=10_000 * at, end=10_000 * (at + 1), image=pictures[which], title=LINES[which][0],
                text="\n".join(LINES[which]), lines=lines,
            )
        )  # fmt: skip
    said = tuple(
        Sentence(start=start, end=start + 2000, text=text, speaker=who)
        for start, text, who in (
            (1000, "我们先看价值。", "林溪"),
            (12_000, "再看英文的一页。", "Dana"),
            (21_000, "谢谢大家。", "林溪"),
            (33_000, "回到第一页。", "林溪"),
        )
    )
    recording = Recording(
        media=pictures[0], duration=40_000, has_audio=True,
        video=VideoFacts(codec="h264", width=320, height=180, rate_num=25, rate_den=1, smart_cut=True),
    )  # fmt: skip
    event = Event(name="deck", title="回放公开课", speakers=(Speaker(name="林溪"),))
    spoken = Transcript(language="zh", sentences=said)
    scratch = folder / "scratch"
    scratch.mkdir()
    deck = bind(event, Slides(pages=tuple(pages)), spoken, recording, Context(scratch, store))
    assert bind(event, Slides(pages=tuple(pages)), spoken, recording, Context(scratch, store)) == deck  # same bytes
    return deck, store


def _file(made: tuple[Deck, FolderStore], suffix: str) -> Path:
    deck, store = made
    blob = {".pdf": deck.pdf, ".pptx": deck.pptx}[suffix]
    assert blob is not None
    return store.path(blob)


def test_a_page_that_came_back_is_one_page_with_both_its_times(made: tuple[Deck, FolderStore]) -> None:
    deck, _ = made
    assert [page.title for page in deck.pages] == [title for title, _ in LINES]
    assert [(span.start, span.end) for span in deck.pages[0].shown] == [(0, 10_000), (30_000, 40_000)]
    assert deck.pages[0].notes == "林溪：我们先看价值。\n林溪：回到第一页。"
    assert times_of(deck.pages[0].shown, hours=False) == "0:00–0:10 · 0:30–0:40"


def test_the_pdf_has_the_pages_in_order_and_their_text(made: tuple[Deck, FolderStore]) -> None:
    pypdf = pytest.importorskip("pypdf")
    read = pypdf.PdfReader(_file(made, ".pdf"))
    assert len(read.pages) == 3 and read.metadata.title == "回放公开课"
    for page, lines in zip(read.pages, LINES, strict=True):
        text = page.extract_text()
        assert all(line.replace("𠮷", "") in text for line in lines)
    assert "0:00–0:10 · 0:30–0:40" in read.pages[0].extract_text()
    assert [entry.title for entry in read.outline] == ["0:00  回放的价值", "0:10  Replays that work", "0:20  谢谢"]


def test_pdftotext_finds_the_words_where_they_stand(made: tuple[Deck, FolderStore]) -> None:
    if shutil.which("pdftotext") is None:
        pytest.skip("pdftotext is not there: install poppler-utils to run this")
    path = _file(made, ".pdf")
    found = subprocess.run(["pdftotext", path, "-"], capture_output=True, text=True, check=True).stdout
    assert [found.index(title) for title, _ in LINES] == sorted(found.index(title) for title, _ in LINES)
    boxes = subprocess.run(["pdftotext", "-bbox", path, "-"], capture_output=True, text=True, check=True).stdout
    word = next(line for line in boxes.splitlines() if "回放的价值" in line)
    left, right = (float(word.split(f'{edge}="')[1].split('"')[0]) for edge in ("xMin", "xMax"))
    assert abs(left - 96) < 1 and abs(right - (0.1 + 0.15) * 960) < 1


def test_the_pptx_has_a_picture_a_time_and_notes_on_every_page(made: tuple[Deck, FolderStore]) -> None:
    from pptx import Presentation

    deck = Presentation(str(_file(made, ".pptx")))
    assert len(deck.slides) == 3
    for slide, (title, line), page in zip(deck.slides, LINES, made[0].pages, strict=True):
        (picture,) = [shape for shape in slide.shapes if shape.shape_type == 13]
        assert (picture.left, picture.top, picture.width) == (0, 0, deck.slide_width)
        assert line in picture._element.nvPicPr.cNvPr.get("descr")
        assert slide.shapes.title.text.endswith(title)
        times = times_of(page.shown, hours=False)
        assert any(shape.has_text_frame and shape.text_frame.text == times for shape in slide.shapes)
        assert slide.notes_slide.notes_text_frame.text == f"{times}\n{page.notes}"


@pytest.mark.slow
def test_libreoffice_turns_the_pptx_into_as_many_pages(made: tuple[Deck, FolderStore], tmp_path: Path) -> None:
    pypdf = pytest.importorskip("pypdf")
    if shutil.which("soffice") is None:
        pytest.skip("LibreOffice is not there: install libreoffice-impress-nogui to run this")
    home = f"-env:UserInstallation=file://{tmp_path}/home"
    subprocess.run(
        ["soffice", home, "--headless", "--convert-to", "pdf", "--outdir", tmp_path, _file(made, ".pptx")],
        check=True, capture_output=True, timeout=300,
    )  # fmt: skip
    (converted,) = tmp_path.glob("*.pdf")
    assert len(pypdf.PdfReader(converted).pages) == 3


def test_without_slides_there_is_no_deck_and_it_says_so(made: tuple[Deck, FolderStore], tmp_path: Path) -> None:
    video = VideoFacts(codec="h264", width=320, height=180, rate_num=25, rate_den=1, smart_cut=True)
    recording = Recording(media=made[0].pages[0].image, duration=1, video=video, has_audio=True)
    deck = bind(Event(name="x"), Slides(), Transcript(language=""), recording, Context(tmp_path, made[1]))
    assert deck.pdf is None and deck.pptx is None and "no page" in deck.why
