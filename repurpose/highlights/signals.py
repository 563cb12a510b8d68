"""The signals: each a small pure function, a talk in, one value of 0..1 a sentence out."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Mapping
from math import log
from statistics import fmean

from repurpose.highlights.talk import Talk, ranked
from repurpose.models import Ms, Span
from repurpose.text.phrases import words_of
from repurpose.text.topic_words import content

Signal = Callable[[Talk], list[float]]

_DIGITS = re.compile(r"\d+(?:[.,]\d+)*\s*(?:%|％|percent|倍|亿|万|千|百|元|美元|million|billion|times|x\b)?", re.I)
_NUMERAL = re.compile(
    r"百分之[零一二三四五六七八九十百点两]+|[零一二三四五六七八九十百千两几]*[零一二三四五六七八九十两几]"
    r"(?:点[零一二三四五六七八九]+)?(?:倍|亿|万|成(?!为|了|功|长|本|立|就|果)|个百分点|个亿)"
)
_NUMBER_WORD = (
    r"(?:hundred|thousand|million|billion|trillion|percent|per cent|half|third|quarter|twice|double|doubled|triple|tripled|"
    r"tenfold|eleven|twelve|fifteen|twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety)"
)
_NUMBER_WORDS = re.compile(rf"\b{_NUMBER_WORD}(?:[\s-]+{_NUMBER_WORD})*\b", re.I)
_LEANS_ZH = re.compile(
    r"^[\s，,]*(?:所以|然后|而且|并且|但是|但|不过|可是|因此|那么|那|它|他|她|他们|她们|它们|这个|这样|这种|这些|这就|这也|这是|那个|那些|那就|"
    r"其次|另外|第[二三四五六七八九十]|还有|也就是|就是|就|也|或者|以及|因为|对|嗯|呃|啊|哦|好|好的|是的|没错|而|又|再|比如|反而|否则|于是|接着|同时)"
)
_LEANS_EN = re.compile(
    r"^\W*(?:and|but|so|or|then|because|which|that|this|these|those|it|he|she|they|him|her|them|also|therefore|however|"
    r"yeah|yes|no|okay|ok|well|uh|um|mm|right|anyway|otherwise|instead|such|his|their|its|there|nor|for example|i mean|you know)\b",
    re.I,
)
_ENDS = tuple('。！？!?…."”』」')
_QUESTION_ZH = re.compile(r"[吗呢么][？?。]?$|[？?]$|^(?:请问|为什么|怎么|如何)|什么是|是不是|有没有|能不能")
_QUESTION_EN = re.compile(r"\?\s*$|^(?:why|how|what|when|where|who|which)\b.*", re.I)
_AROUND = 15  # sentences on each side: two or three minutes of talk
_FEW_WORDS = 4  # in a shorter sentence density means little
_NEAR: Ms = 8_000  # viewers answer a few seconds late


def salience(talk: Talk) -> list[float]:
    """How much of what the talk is about a sentence carries: the weights of its words, tf-idf over the talk."""
    count = Counter(word for words in talk.words for word in words)
    spread = Counter(word for words in talk.words for word in set(words))
    size = len(talk.words)
    weight = {word: (1 + log(n)) * log(1 + size / spread[word]) for word, n in count.items() if n > 1}
    return ranked([sum(weight.get(word, 0.0) for word in set(words)) for words in talk.words])


def topic(talk: Talk) -> list[float]:
    """How much it says of what is being talked about just here: its rarer words that come up again around it."""
    size = len(talk.words)
    spread = Counter(word for words in talk.words for word in set(words))
    out = []
    for i, words in enumerate(talk.words):
        around = Counter(word for near in talk.words[max(0, i - _AROUND) : i + _AROUND + 1] for word in near)
        again = (word for word in set(words) if around[word] > 1)
        out.append(sum(log(1 + around[word]) * log(1 + size / spread[word]) for word in again))
    return ranked(out)


def density(talk: Talk) -> list[float]:
    """How large a part of its words have a meaning of their own."""
    return ranked(
        [
            len(words) / max(_FEW_WORDS, len(words_of(sentence.text, talk.language)))
            for sentence, words in zip(talk.sentences, talk.words, strict=True)
        ]
    )


def cue(talk: Talk) -> list[float]:
    """1 where a phrase announces something worth hearing."""
    phrases = talk.phrases(talk.preset.cues)
    return [float(any(phrase in sentence.text.lower() for phrase in phrases)) for sentence in talk.sentences]


def number(talk: Talk) -> list[float]:
    """1 for two figures or more, 0.7 for one."""
    return [(0.0, 0.7, 1.0)[min(2, figures(sentence.text))] for sentence in talk.sentences]


def figures(text: str) -> int:
    """How many figures a text names, in digits or words."""
    count = 0
    for shape in (_DIGITS, _NUMERAL, _NUMBER_WORDS):  # what one has counted, the next does not see
        text, found = shape.subn(" ", text)
        count += found
    return count


def asks(text: str, language: str) -> bool:
    """Whether a sentence is a question."""
    return bool((_QUESTION_ZH if language == "zh" else _QUESTION_EN).search(text.strip()))


def question(talk: Talk) -> list[float]:
    """1 for a question that has substance."""
    return [
        float(asks(sentence.text, talk.language) and len(words) >= 3)
        for sentence, words in zip(talk.sentences, talk.words, strict=True)
    ]


def answer(talk: Talk) -> list[float]:
    """1 for the first full sentence after a question, fading over the two that follow."""
    asked = question(talk)
    out = [0.0] * len(asked)
    for i, yes in enumerate(asked):
        for k, value in enumerate((1.0, 0.6, 0.3), 1):
            if yes and i + k < len(out) and not asked[i + k] and len(talk.words[i + k]) >= 3:
                out[i + k] = max(out[i + k], value)
    return out


def loudness(talk: Talk) -> list[float]:
    """How loud it was said, by its place among all sentences; 0.5 without sound."""
    blocks = talk.sound.loudness

    def level(span: Span) -> float:
        inside = [value for value in blocks[span.start // 100 : -(-span.end // 100)] if value > -60]
        return fmean(inside) if inside else -70.0

    return ranked([level(sentence) for sentence in talk.sentences] if blocks else [0.0] * len(talk.sentences))


def pace(talk: Talk) -> list[float]:
    """How fast it was said, words a second, by its place among all sentences."""
    return ranked([len(words_of(s.text, talk.language)) / max(0.3, s.length / 1000) for s in talk.sentences])


def slide(talk: Talk) -> list[float]:
    """How much of the page's title it says."""
    titles = [(page, frozenset(content(page.title, talk.language))) for page in talk.slides.pages if page.title]
    out = []
    for sentence, words in zip(talk.sentences, talk.words, strict=True):
        shown = [title for page, title in titles if title and page.overlap(sentence)]
        out.append(max((len(title & set(words)) / len(title) for title in shown), default=0.0))
    return out


def position(talk: Talk) -> list[float]:
    """1 at the beginning of a chapter and near its end, 0 in its middle."""
    out = [0.0] * len(talk.sentences)
    for chapter in talk.chapters.items:
        size = max(1, chapter.last - chapter.first)
        for i in range(chapter.first, min(chapter.last + 1, len(out))):
            at = (i - chapter.first) / size
            out[i] = max(0.0, 1 - 4 * at, 0.6 * (4 * at - 3))
    return out


def stands_alone(talk: Talk) -> list[float]:
    """1 when it can be understood without the sentence before: whole, of a sane length, leaning on nothing."""
    lean = _LEANS_ZH if talk.language == "zh" else _LEANS_EN
    low, high = (8, 90) if talk.language == "zh" else (25, 260)
    stops = any(sentence.text.rstrip().endswith(_ENDS) for sentence in talk.sentences)
    return [
        (0.0 if lean.match(sentence.text) else 0.6)
        + 0.2 * (low <= len(sentence.text) <= high)
        + 0.2 * (not stops or sentence.text.rstrip().endswith(_ENDS))
        for sentence in talk.sentences
    ]


def chat(talk: Talk) -> list[float]:
    """How much viewers wrote while it was said and just after, by its place among all sentences; 0 without a chat."""
    sent = sorted(message.at for message in talk.live.messages)
    if not sent:
        return [0.0] * len(talk.sentences)
    from bisect import bisect_left

    return ranked(
        [(bisect_left(sent, s.end + _NEAR) - bisect_left(sent, s.start)) / (s.length + _NEAR) for s in talk.sentences]
    )


def retention(talk: Talk) -> list[float]:
    """How much more of it was watched than is usual: 0.5 as usual, 0 nothing, 1 twice as much or more; 0.5 when unknown."""
    offered, watched = talk.retention.offered, talk.retention.watched
    mean = sum(watched) / sum(offered) if sum(offered) else 0.0
    out = []
    for sentence in talk.sentences:
        seconds = slice(sentence.start // 1000, -(-sentence.end // 1000))
        shown = sum(offered[seconds])
        out.append(min(1.0, sum(watched[seconds]) / shown / mean / 2) if shown and mean else 0.5)
    return out


SIGNALS: Mapping[str, Signal] = {
    "salience": salience,
    "topic": topic,
    "density": density,
    "cue": cue,
    "number": number,
    "question": question,
    "answer": answer,
    "loudness": loudness,
    "pace": pace,
    "slide": slide,
    "position": position,
    "stands_alone": stands_alone,
    "chat": chat,
    "retention": retention,
}
