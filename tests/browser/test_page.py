"""The page of a package in a real browser, opened from the disk."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from repurpose.models import Chapters, Highlights, Slides, Transcript
from repurpose.publish.layout import lay_out
from repurpose.store import FolderStore
from tests.publish.sample import packed

pytestmark = pytest.mark.browser

# The contrast of every piece of text with the ground it stands on, by WCAG 2; pictures and gradients count by their ends.
CONTRAST = """() => {
  const light = (c) => { const v = c / 255; return v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4; };
  const luminance = ([r, g, b]) => 0.2126 * light(r) + 0.7152 * light(g) + 0.0722 * light(b);
  const numbers = (text) => text.match(/[\\d.]+/g).map(Number);
  const ground = (element) => {
    for (let at = element; at; at = at.parentElement) {
      const style = getComputedStyle(at);
      const ends = style.backgroundImage.startsWith("linear-gradient(155") ? style.backgroundImage.match(/rgb\\([^)]+\\)/g) : null;
      if (ends) return numbers(ends[ends.length - 1]);
      const colour = numbers(style.backgroundColor);
      if (colour.length < 4 || colour[3] > 0.5) return colour.slice(0, 3);
    }
    return numbers(getComputedStyle(document.body).backgroundColor);
  };
  const bad = [];
  for (const element of document.querySelectorAll("body *")) {
    const text = [...element.childNodes].filter((node) => node.nodeType === 3).map((node) => node.data.trim()).join("");
    if (!text || !element.checkVisibility() || element.closest("script, style, .skip")) continue;
    const pair = [luminance(numbers(getComputedStyle(element).color)), luminance(ground(element))].sort((a, b) => b - a);
    const ratio = (pair[0] + 0.05) / (pair[1] + 0.05);
    if (ratio < 4.5) bad.push([text.slice(0, 30), Math.round(ratio * 100) / 100]);
  }
  return bad;
}"""


@pytest.fixture(scope="module")
def folders(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    root = tmp_path_factory.mktemp("pages")
    store = FolderStore(root / "store")
    silent = {
        "spoken": Transcript(language=""), "chapters": Chapters(), "highlights": Highlights(), "slides": Slides(),
        "edl": {}, "rendition": {}, "drawing": {},
    }  # fmt: skip
    packages = {
        "zh": packed(root / "zh", store),
        "en": packed(root / "en", store, "en"),
        "silent": packed(root / "silent", store, "en", **silent),
    }
    for name, package in packages.items():
        lay_out(package, store, root / "out" / name)
    return {name: root / "out" / name for name in packages}


class Opened:
    """A page with everything it logged and asked for."""

    def __init__(self, browser: Any, folder: Path, width: int = 1440, theme: str = "light") -> None:
        self.context = browser.new_context(viewport={"width": width, "height": 900}, color_scheme=theme)
        self.page = self.context.new_page()
        self.logged: list[str] = []
        self.asked: list[str] = []
        self.page.on("console", lambda message: self.logged.append(message.text))
        self.page.on("pageerror", lambda error: self.logged.append(str(error)))
        self.page.on("request", lambda request: self.asked.append(request.url))
        self.page.goto((folder / "index.html").as_uri())

    def __enter__(self) -> Any:
        return self.page

    def __exit__(self, *_: object) -> None:
        self.context.close()
        assert self.logged == []
        assert all(url.startswith(("file:", "data:", "blob:")) for url in self.asked), "the page needs a network"


def playing(page: Any, name: str, seconds: float) -> None:
    page.wait_for_function(
        "([name, at]) => { const v = document.querySelector('video');"
        " return v.currentSrc.endsWith(name) && v.currentTime >= at - 0.05 && v.currentTime < at + 3; }",
        arg=[f"{name}.landscape.mp4", seconds],
    )


def test_a_sentence_plays_the_longest_version_at_its_moment(chromium: Any, folders: dict[str, Path]) -> None:
    with Opened(chromium, folders["zh"]) as page:
        page.click('[data-line="2"]')  # said at 12 s; the 1min version shows 6..17 s first
        playing(page, "1min", 6.0)
        page.wait_for_selector('[data-line="2"][aria-current="true"]')
        page.click('[data-line="3"]')  # begins at 18 s, where the second stretch does
        playing(page, "1min", 11.0)


def test_a_sentence_that_was_cut_away_says_so_until_the_recording_is_opened(
    chromium: Any, folders: dict[str, Path], tmp_path: Path
) -> None:
    with Opened(chromium, folders["zh"]) as page:
        assert page.inner_text("#notice") == ""
        page.click('[data-line="0"]')
        assert "没有收录" in page.inner_text("#notice")
        recording = folders["zh"].parent.parent / "zh" / "recording.mp4"
        page.set_input_files("#open", str(recording))
        page.click('[data-line="0"]')
        page.wait_for_function("document.querySelector('video').currentSrc.startsWith('blob:')")
        assert page.inner_text("#notice") == ""


def test_a_card_plays_its_version_with_captions(chromium: Any, folders: dict[str, Path]) -> None:
    with Opened(chromium, folders["zh"]) as page:
        page.click('[data-play="15s-1.landscape"]')
        playing(page, "15s-1", 0.0)
        cues = page.evaluate("[...document.querySelector('video').textTracks[0].cues].map((cue) => cue.text)")
        assert cues == ["库存降低了百分之四十。"]
        assert page.inner_text("#now-cut") == "15s-1"
        assert page.get_attribute('[data-card="15s-1.landscape"]', "aria-current") == "true"


def test_search_finds_words_and_slides(chromium: Any, folders: dict[str, Path]) -> None:
    with Opened(chromium, folders["zh"]) as page:
        page.keyboard.press("/")
        page.keyboard.type("百分之四十")
        assert page.locator("[data-line]:visible").count() == 1
        assert page.text_content("mark") == "百分之四十"
        assert page.inner_text("#found") == "找到 1 处"
        page.keyboard.press("Enter")
        playing(page, "1min", 6.0)
        page.fill("#search", "ALPHA2")
        assert page.locator("#found-slides button").count() == 1
        page.fill("#search", "nowhere")
        assert "没有找到" in page.inner_text("#found")
        page.fill("#search", "")
        assert page.locator("[data-line]:visible").count() == 5


def test_the_reader_can_switch_the_language(chromium: Any, folders: dict[str, Path]) -> None:
    with Opened(chromium, folders["zh"]) as page:
        assert page.get_attribute("html", "lang") == "zh-CN"
        assert "录像长 0:30，30min 版至少需要 34:30。" in page.inner_text("#not-made")
        page.click('[data-to="en"]')
        assert page.get_attribute("html", "lang") == "en"
        assert page.inner_text("#versions h2") == "Versions"
        assert "The recording carries no take 2, 3 of 15s." in page.inner_text("#not-made")
        assert page.get_attribute("#search", "placeholder") == "Search what was said and shown"


def test_what_was_said_cannot_break_the_page(chromium: Any, folders: dict[str, Path]) -> None:
    with Opened(chromium, folders["en"]) as page:
        assert page.text_content('[data-line="4"] span') == "Thank you </script> all."
        assert page.get_attribute("html", "lang") == "en"


def test_nothing_said_is_said_plainly(chromium: Any, folders: dict[str, Path]) -> None:
    with Opened(chromium, folders["silent"]) as page:
        assert "No version was made" in page.inner_text(".screen")
        assert "No speech was heard" in page.inner_text(".side")
        assert page.locator(".screen video:visible").count() == 0


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("width", [1440, 390])
@pytest.mark.parametrize("name", ["zh", "silent"])
def test_it_can_be_read_everywhere(chromium: Any, folders: dict[str, Path], name: str, width: int, theme: str) -> None:
    with Opened(chromium, folders[name], width, theme) as page:
        assert page.evaluate("document.documentElement.scrollWidth") <= width, "it scrolls sideways"
        assert page.evaluate(CONTRAST) == []
        unnamed = "button:not([aria-label])"
        assert all(text.strip() for text in page.locator(unnamed).all_text_contents())
