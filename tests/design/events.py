"""Made-up talks for the summary: a Chinese one with misheard words and pages, an English one."""

from __future__ import annotations

import datetime

from repurpose.models import (
    Chapter,
    Chapters,
    Event,
    Highlight,
    Highlights,
    Quote,
    Sentence,
    Slide,
    Slides,
    Speaker,
    Transcript,
    Word,
)
from repurpose.store import Store

ZH = (
    ("林溪", "大家下午好，欢迎来到今天的直播。"),
    ("周远", "六个星期的准备，换来一个小时的使用。"),
    ("周远", "回放不是路向，回放是资产。"),
    ("周远", "每一分钟的成本，从15.8元，降到了8.3元。"),
    ("周远", "没来的三百个人，是这个月最便宜的一批潜在客户。"),
    ("许知然", "线索从一千条到十一单，成交率是百分之一点一。"),
    ("许知然", "一个人把同一分钟看了两遍，说明他有事。"),
    ("许知然", "24小时之内，必须有一个真人跟进这条线索。"),
    ("许知然", "没有得到同意的数据，不是资产，是负债。"),
    ("周远", "最后再说一遍，回放不是录像，回放是资产。"),
)
EN = (
    ("Lin Xi", "Good afternoon everybody and welcome to the show."),
    ("Ana Ruiz", "Six weeks of work bought us one single hour of attention."),
    ("Ana Ruiz", "The cost of a watched minute fell from 15.8 dollars to 8.3 dollars."),
    ("Ana Ruiz", "Three hundred people who signed up never came to the live hour."),
    ("Tom Berg", "Fifteen percent of the leads were ever accepted by our sales team."),
    ("Tom Berg", "Somebody who watches the same minute twice has a question for you."),
    ("Tom Berg", "A real person answers within twenty-four hours or the lead goes cold."),
    ("Ana Ruiz", "A replay is not a recording, a replay is an asset."),
)
PAGES = {
    "zh": ("回放不是录像，\n回放是资产。", "8.3元/分钟"),
    "en": ("A replay is not a recording,\na replay is an asset.",),
}


def talk(language: str) -> tuple[Event, Transcript, Chapters, Highlights]:
    """Ten seconds a sentence, two chapters; the first sentence is a greeting."""
    lines = ZH if language == "zh" else EN
    sentences = []
    for at, (speaker, text) in enumerate(lines):
        start = at * 10_000
        word = Word(start=start, end=start + 9_000, text=text, confidence=0.95)
        sentences.append(Sentence(start=start, end=start + 9_000, text=text, words=(word,), speaker=speaker))
    half = len(lines) // 2
    titles = ("一笔账", "从观看到线索") if language == "zh" else ("What a minute costs", "From views to leads")
    chapters = Chapters(
        items=(
            Chapter(start=0, end=half * 10_000, title=titles[0], first=0, last=half - 1, slide=0),
            Chapter(start=half * 10_000, end=len(lines) * 10_000, title=titles[1], first=half, last=len(lines) - 1),
        )
    )
    highlights = Highlights(
        items=tuple(
            Highlight(
                start=one.start, end=one.end, sentence=at, score=0.5 + 0.01 * at, kind="speech" if at else "greeting"
            )
            for at, one in enumerate(sentences)
        )
    )
    people = dict.fromkeys(speaker for speaker, _ in lines)
    host = next(iter(people))
    event = Event(
        name="talk",
        title="一场直播，用足六十天" if language == "zh" else "One live hour, sixty days of work",
        date=datetime.date(2026, 10, 15),
        language=language,
        speakers=tuple(
            Speaker(name=name, title="VP", company="ACME", role="host" if name == host else "guest") for name in people
        ),
    )
    return event, Transcript(language=language, sentences=tuple(sentences)), chapters, highlights


def pages(language: str, store: Store, image: bytes) -> Slides:
    """Each page is shown from when it is spoken of."""
    blob = store.put_bytes(image, ".png")
    starts = {"zh": (20_000, 30_000), "en": (70_000,)}[language]
    return Slides(
        pages=tuple(
            Slide(start=start, end=start + 60_000, image=blob, title=text.replace("\n", ""), text=text)
            for start, text in zip(starts, PAGES[language], strict=True)
        )
    )


def quote(spoken: Transcript, at: int) -> Quote:
    """One sentence as a quote."""
    one = spoken.sentences[at]
    return Quote(start=one.start, end=one.end, sentences=(at,), text=one.text, speaker=one.speaker or "", title="ACME")
