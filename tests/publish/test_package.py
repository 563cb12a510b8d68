"""What is in a package, under which names, and what its documents say."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from repurpose.models import Chapters, EditDecisionList, Highlights, Package, Skips, Slides, Transcript
from repurpose.publish.package import public
from repurpose.store import FolderStore
from tests.publish.sample import packed

pytestmark = pytest.mark.slow  # the package alone takes seconds


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> FolderStore:
    return FolderStore(tmp_path_factory.mktemp("store"))


@pytest.fixture(scope="module")
def package(tmp_path_factory: pytest.TempPathFactory, store: FolderStore) -> Package:
    return packed(tmp_path_factory.mktemp("made"), store)


def text_of(package: Package, store: FolderStore, path: str) -> str:
    asset = next(asset for asset in package.assets if asset.path == path)
    return store.path(asset.file).read_text("utf-8")


def test_every_asset_has_its_fixed_name(package: Package) -> None:
    assert {asset.path for asset in package.assets} == {
        "index.html", "chapters.json", "highlights.json", "slides/slides.json", "slides/slides.pdf", "slides/slides.pptx", "posters/01.1080x1440.jpg",
        "posters/01.1080x1080.jpg", "recap/wechat.html", "recap/pictures/01.jpg",
        *(f"posters/01.motion.1080x1440.{suffix}" for suffix in ("mp4", "jpg", "webp")),
        "summary/long.jpg", "summary/long-1.jpg", "summary/long-2.jpg",
        *(f"transcript.{suffix}" for suffix in ("json", "srt", "vtt", "md", "txt")),
        *(f"slides/{number:03}.jpg" for number in (1, 2, 3)),
        "speakers/1.jpg",
        *(f"edl/{name}.{suffix}" for name in ("1min", "15s-1") for suffix in ("json", "otio")),
        *(
            f"cuts/{name}.{suffix}"
            for name in ("1min.landscape", "15s-1.landscape", "15s-1.vertical")
            for suffix in ("mp4", "srt", "vtt", "jpg")
        ),
    }  # fmt: skip


def test_a_poster_says_whose_words_stand_on_it_and_when_they_were_said(package: Package) -> None:
    listed = {asset["path"]: asset for asset in json.loads(public(package))["assets"]}
    poster = listed["posters/01.1080x1440.jpg"]
    assert poster["kind"] == "poster"
    assert (poster["sentences"], poster["spans"]) == ([2], [{"start": 12_000, "end": 17_000}])
    assert poster["link"] == "https://example.org/talk?t=12"
    assert poster["alt"] == "Dana Osei: One version is enough."
    assert listed["recap/wechat.html"]["sentences"] == [1, 2]


def test_the_page_shows_the_posters_and_leads_to_the_texts(package: Package, store: FolderStore) -> None:
    page = text_of(package, store, "index.html")
    assert 'src="posters/01.1080x1440.jpg"' in page
    assert 'href="posters/01.1080x1080.jpg"' in page
    assert 'href="recap/wechat.html"' in page


def test_a_dynamic_poster_is_played_on_the_page_and_can_be_taken(package: Package, store: FolderStore) -> None:
    page = text_of(package, store, "index.html")
    assert 'poster="posters/01.motion.1080x1440.jpg" src="posters/01.motion.1080x1440.mp4"' in page
    assert 'href="posters/01.motion.1080x1440.webp" download>WEBP 540×720</a>' in page
    listed = {asset["path"]: asset for asset in json.loads(public(package))["assets"]}
    film = listed["posters/01.motion.1080x1440.mp4"]
    assert (film["kind"], film["duration_ms"], film["sentences"]) == ("motion", 6000, [2])
    assert (listed["posters/01.motion.1080x1440.webp"]["width"], film["width"]) == (540, 1080)


def test_package_json_tells_all(package: Package) -> None:
    listing = json.loads(public(package))
    assert listing["event"]["name"] == "库存公开课"
    assert listing["recording"] | {"sha256": "", "bytes": 0} == {
        "sha256": "", "bytes": 0, "duration_ms": 30_000, "width": 320, "height": 180, "frame_rate": "25/1",
        "has_audio": True, "title_card": False, "parts": [{"start": 0, "end": 30_000}], "prepared": [],
    }  # fmt: skip
    film = next(asset for asset in listing["assets"] if asset["path"] == "cuts/1min.landscape.mp4")
    assert film["kind"] == "video"
    assert (film["cut"], film["take"], film["render"]) == ("1min", 1, "landscape")
    assert (film["duration_ms"], film["width"], film["height"]) == (16_000, 320, 180)
    assert film["spans"] == [{"start": 6000, "end": 17_000}, {"start": 18_000, "end": 23_000}]
    assert (film["intro_ms"], film["outro_ms"]) == (0, 0)
    upright = next(asset for asset in listing["assets"] if asset["path"] == "cuts/15s-1.vertical.mp4")
    assert (upright["duration_ms"], upright["intro_ms"], upright["outro_ms"]) == (7000, 1000, 1000)
    assert upright["spans"] == [{"start": 12_000, "end": 17_000}]
    assert len(film["sha256"]) == 64
    assert film["bytes"] > 1000
    assert [item["variant"] for item in listing["skipped"]] == ["30min", "15s-2", "15s-3"]
    assert listing["versions"] == {"ffmpeg": "9"}


def test_the_same_inputs_make_the_same_package(tmp_path: Path, package: Package, store: FolderStore) -> None:
    again = packed(tmp_path, store)
    texts = [asset for asset in again.assets if asset.path.rpartition(".")[2] not in ("mp4", "jpg")]
    before = {asset.path: asset.file for asset in package.assets}
    assert all(asset.file == before[asset.path] for asset in texts)


def test_documents(package: Package, store: FolderStore) -> None:
    transcript = json.loads(text_of(package, store, "transcript.json"))
    assert transcript["language"] == "zh"
    assert transcript["sentences"][2]["text"] == "库存降低了百分之四十。"
    assert (transcript["sentences"][2]["start"], transcript["sentences"][2]["end"]) == (12_000, 17_000)
    assert text_of(package, store, "transcript.srt").startswith("1\n00:00:00,000 --> ")
    assert text_of(package, store, "transcript.vtt").startswith("WEBVTT\n")
    markdown = text_of(package, store, "transcript.md")
    assert markdown.startswith("# 库存怎样降下来 & 为什么\n")
    assert "## 做法 (0:12)\n\n`0:12` 库存降低了百分之四十。这是最关键的一步。谢谢大家。\n" in markdown
    assert text_of(package, store, "transcript.txt").split("\n\n")[0] == "欢迎来到今天的直播。第一个问题是成本。"
    chapters = json.loads(text_of(package, store, "chapters.json"))
    assert [(item["title"], item["start"], item["slide"]) for item in chapters] == [("成本", 0, 1), ("做法", 12_000, 2)]
    highlights = json.loads(text_of(package, store, "highlights.json"))
    assert [item["sentence"] for item in highlights] == [4, 3, 2, 1, 0]
    assert highlights[1]["text"] == "这是最关键的一步。"
    slides = json.loads(text_of(package, store, "slides/slides.json"))
    assert [(item["image"], item["start"]) for item in slides] == [
        ("slides/001.jpg", 0), ("slides/002.jpg", 10_000), ("slides/003.jpg", 20_000),
    ]  # fmt: skip


def test_an_edl_file_can_be_read_back(package: Package, store: FolderStore) -> None:
    edl = EditDecisionList.model_validate_json(text_of(package, store, "edl/1min.json"))
    assert edl.length == 16_000


def test_nothing_said_makes_an_honest_package(tmp_path: Path, store: FolderStore) -> None:
    package = packed(
        tmp_path, store, spoken=Transcript(language=""), chapters=Chapters(), highlights=Highlights(),
        slides=Slides(), edl={}, rendition={}, drawing={}, skipped=Skips(),
    )  # fmt: skip
    page = text_of(package, store, "index.html")
    assert "No speech was heard" in page
    assert "No version was made" in page
    assert json.loads(text_of(package, store, "transcript.json"))["sentences"] == []
    assert text_of(package, store, "transcript.txt") == ""
