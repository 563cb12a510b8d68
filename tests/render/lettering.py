"""What tests of words in the picture share: a brand, scenes, 100 sentences, reading a script back, drawing its frames."""

from __future__ import annotations

import random
import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from repurpose import presets
from repurpose.media import ffmpeg
from repurpose.models import Box, Brand, Panel, Scene, Sentence, View, Word
from repurpose.presets import RenderPreset
from repurpose.text.jieba_words import cut

RENDERS = ("vertical", "square", "moments", "douyin", "portrait67")
TERMS = ("供应链", "制造业", "RepurposeCloud", "New York", "数字孪生", "machine learning", "陈思远")
GREY = 0x6F

ZH = (
    "我们来看一下人工智能在制造业里面的具体应用",
    "特别是质量检测和设备维护这两个方向",
    "去年的投入产出比达到了3.5倍",
    "而且见效非常快",
    "供应链的预测准确率提高了百分之十二",
    "库存成本就能下降两到三个百分点",
    "这是我们在十二家工厂里得到的结果",
    "很多人问，数字孪生到底能不能省钱",
    "答案是可以，但要先把数据治理做好",
    "第一步不是买软件，而是把流程画清楚",
    "陈思远老师刚才讲到的那个案例，我想再补充一句",
    "客户要的不是报表，是下个季度的判断",
    "我们把交付周期从六周压到了十天",
    "这件事说起来容易，做起来真的很难",
    "如果只能记住一句话，请记住这一句",
)
EN = (
    "In the United States, Dr. Smith said that 20 percent of New York customers left within six months",
    "we bought $3.5 million of goods before anyone had signed the contract",
    "machine learning is not the hard part, the hard part is the data behind it",
    "if you remember one thing from this talk, remember the second slide",
    "revenue grew 12.4% year over year, and margins held",
    "we moved the whole team to RepurposeCloud in eleven weeks",
    "the question is not whether it works, the question is who pays for it",
    "nobody reads a report that is forty pages long",
    "our customers in New York asked for it first",
    "that is why we measure every minute someone watches",
    "it took three people, two weekends and one very patient manager",
)
MIXED = (
    "我们用 machine learning 做了一个预测模型",
    "RepurposeCloud 上线以后，线索量涨了3.2倍",
    "这个 API 的响应时间从800ms降到了120ms",
    "New York 的团队负责 AI 部分，我们负责数据",
    "GPU 的价格涨了15%，但 CPU 还是够用的",
    "他们的 CRM 系统和我们的 BI 平台打通了",
    "一个 15 秒的短视频，比一份 PDF 有用得多",
)
_SPACE = re.compile(r"\s+")
_TAG = re.compile(r"(?<!\\)\{[^}]*\}")


@cache
def brand() -> Brand:
    """The default brand, without files."""
    preset, _ = presets.load_brand("default")
    fields = ("name", "ink", "paper", "signal", "warm", "on_dark", "quiet", "spoken", "ground")
    return Brand(**{name: getattr(preset, name) for name in fields})


@cache
def render(name: str) -> RenderPreset:
    """A render preset by name."""
    return presets.load().render[name]


def hundred() -> list[tuple[str, str]]:
    """100 sentences, each with the language it is captioned in: 40 Chinese, 30 English, 30 mixed. Always the same."""
    dice = random.Random(7)
    chosen: dict[str, str] = {}  # text -> language
    for bank, language, count in ((ZH, "zh", 40), (EN, "en", 30), (MIXED, "zh", 30)):
        more = len(chosen) + count
        while len(chosen) < more:
            clauses = dice.sample(bank, dice.choice((1, 2, 2, 3)))
            text = ("，" if language == "zh" else ", and ").join(clauses)
            chosen[text[0].upper() + text[1:] + ("。" if language == "zh" else ".")] = language
    return [(language, text) for text, language in chosen.items()]


def said(text: str, language: str, start: int, pace: int = 0) -> Sentence:
    """The sentence with the time of each word; `pace` is the milliseconds a sign takes."""
    pace = pace or (190 if language == "zh" else 65)
    pieces: list[str] = []
    for piece in text.split(" ") if language == "en" else cut(text):
        if pieces and not any(sign.isalnum() for sign in piece):
            pieces[-1] += piece
        elif piece.strip():
            pieces.append(piece)
    words: list[Word] = []
    at = start
    for piece in pieces:
        long = max(60, pace * len(piece.strip()))
        words.append(Word(start=at, end=at + long - 20, text=piece.strip()))
        at += long
    return Sentence(start=start, end=at, text=text, words=tuple(words))


def scene(style: RenderPreset, kind: str, start: int, end: int) -> Scene:
    """A scene as the layout makes them: `slide` with a speaker below, `alone`, or `aside`, where a face moves the captions."""
    zones = [(style.slide, "slide"), (style.speaker, "speaker")] if kind == "slide" else [(style.alone, "speaker")]
    panels = []
    for zone, shows in zones:
        assert zone is not None
        wide = zone.width or style.width
        view = View(at=0, box=Box(x=0, y=0, width=wide, height=zone.height))
        panels.append(
            Panel(shows=shows, x=zone.left, y=zone.top, width=wide, height=zone.height, views=(view,))  # type: ignore[arg-type]
        )
    assert style.captions is not None
    top, bottom = style.captions.top, style.captions.bottom
    if kind == "aside":
        top, bottom = style.captions.aside_top, style.captions.aside_bottom
    box = Box(x=style.safe_side, y=top, width=style.width - 2 * style.safe_side, height=bottom - top)
    return Scene(start=start, end=end, panels=tuple(panels), ground="#1A2233", captions=box)


@dataclass(frozen=True)
class Shown:
    """One line of a script as it is drawn."""

    start: int
    end: int
    layer: int
    style: str
    tags: str
    text: str

    @property
    def place(self) -> tuple[float, float]:
        """What it is placed by."""
        found = re.search(r"\\(?:pos|move)\(([-\d.]+),([-\d.]+)", self.tags)
        assert found is not None, self
        return float(found[1]), float(found[2])


def read(script: str, style: str = "") -> list[Shown]:
    """The dialogue lines of a script, in its order; of one style where one is named."""
    found = []
    for line in script.splitlines():
        if not line.startswith("Dialogue: "):
            continue
        layer, start, end, named, *_, text = line.removeprefix("Dialogue: ").split(",", 9)
        drawn = _TAG.sub("", text).replace("\\{", "{").replace("\\}", "}")
        tags = "".join(_TAG.findall(text))
        if style in ("", named):
            found.append(Shown(_ms(start), _ms(end), int(layer), named, tags, drawn))
    return found


def plain(text: str) -> str:
    """Without spaces."""
    return _SPACE.sub("", text)


def frames(
    script: str,
    style: RenderPreset,
    fonts: Path,
    folder: Path,
    seconds: float,
    rate: int = 1,
    only: Sequence[int] = (),
) -> list[NDArray[np.uint8]]:
    """The script drawn over plain grey: one RGB picture each 1/`rate` second, from 0; `only` some of them, by number."""
    (folder / "words.ass").write_text(script, "utf-8")
    raw = folder / "frames.raw"
    source = f"color=c=0x{GREY:02X}{GREY:02X}{GREY:02X}:s={style.width}x{style.height}:r={rate}:d={seconds}"
    wanted = "+".join(f"eq(n,{number})" for number in only)
    chosen = f"select='{wanted}'," if only else ""
    filters = f"{chosen}format=gbrp,ass=filename={folder / 'words.ass'}:fontsdir={fonts},format=rgb24"
    ffmpeg.run("-f", "lavfi", "-i", source, "-vf", filters, "-fps_mode", "passthrough", "-f", "rawvideo", raw)
    pictures = np.memmap(raw, np.uint8, "r").reshape(-1, style.height, style.width, 3)
    return list(pictures)


def inked(picture: NDArray[np.uint8]) -> tuple[int, int, int, int] | None:
    """The box of what was drawn: left, top, right, bottom, the last two not included; None for an empty picture."""
    drawn = (np.abs(picture.astype(np.int16) - GREY) > 12).any(axis=2)
    rows, columns = np.flatnonzero(drawn.any(axis=1)), np.flatnonzero(drawn.any(axis=0))
    if not len(rows):
        return None
    return int(columns[0]), int(rows[0]), int(columns[-1]) + 1, int(rows[-1]) + 1


def fill_with(sentences: Sequence[tuple[str, str]], gap: int = 400, start: int = 500) -> list[Sentence]:
    """The sentences said one after the other."""
    spoken: list[Sentence] = []
    at = start
    for language, text in sentences:
        spoken.append(said(text, language, at))
        at = spoken[-1].end + gap
    return spoken


def _ms(stamp: str) -> int:
    hours, minutes, seconds = stamp.split(":")
    return round((int(hours) * 3600 + int(minutes) * 60 + float(seconds)) * 1000)
