"""Punctuation for Chinese: Whisper's own marks, and where it wrote none, stops and commas from the pauses."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise

from repurpose.models import Ms, Span, Word
from repurpose.text.signs import CLOSING, STOPS
from repurpose.transcribe.edges import silence_between

STOP = (350, 900)  # ms: what ends a sentence lies between these, by how the speaker pauses
COMMA: Ms = 200  # a pause this long parts two clauses
USUAL = 22  # signs in a usual spoken sentence
CLAUSE = 5  # signs: nothing shorter is parted by a comma
SENTENCE = 6  # signs: nothing shorter is ended by a pause alone
FULL = 60  # signs: longer sentences end at their best comma

# Words that cannot end a clause: what they belong to follows. Whole words only: 在 hangs, 存在 does not.
_hanging = frozenset(
    [
        "和",
        "与",
        "及",
        "或",
        "以及",
        "在",
        "把",
        "被",
        "对",
        "从",
        "向",
        "让",
        "给",
        "比",
        "是",
        "以",
        "将",
        "由",
        "由于",
        "于",
        "这",
        "那",
        "这个",
        "那个",
        "一个",
        "每",
        "各",
        "等于",
        "而",
        "但",
        "但是",
        "因为",
        "所以",
        "如果",
        "就",
        "也",
        "都",
        "还",
        "很",
        "非常",
        "不",
        "没",
        "没有",
        "有",
        "最",
        "更",
        "再",
        "才",
        "又",
        "只",
        "并",
        "并且",
        "为了",
        "关于",
        "通过",
        "根据",
        "按照",
        "虽然",
        "即使",
        "第一",
        "第二",
        "第三",
    ]
)
# Ends of a clause only before a long pause: what comes next usually belongs to them.
_loose = re.compile(r"[的地得了过着]$")
# Words a new sentence likes to begin with.
_opening = re.compile(
    r"^(?:但是|不过|然而|所以|因此|那么|然后|接下来|首先|其次|最后|另外|此外|同时|第[一二三四五六七八九十]|大家|我们|今天|现在|好)"
)
_asking = re.compile(r"(?:吗|是不是|对不对|好不好|行不行|可不可以|能不能|有没有)$")
_wondering = re.compile(
    r"(?:什么|为什么|怎么|怎样|如何|谁|哪|多少|几|何).*(?:呢|啊|呀)$|(?:为什么|怎么办|怎么样|是什么|有哪些|在哪里|多少钱)$"
)


def punctuate(words: Sequence[Word], pauses: Sequence[Span]) -> list[Word]:
    """The words with marks where a listener would set them; after the last one a stop."""
    silences = [silence_between(before, after, pauses) for before, after in pairwise(words)]
    stop = _stop(silences, sum(len(_letters(word.text)) for word in words))
    marked: list[Word] = []
    clause = sentence = ""
    for place, word in enumerate(words):
        text = word.text
        clause += _letters(text)
        sentence += _letters(text)
        following = words[place + 1] if place + 1 < len(words) else None
        if text[-1] not in CLOSING:
            if following is None:
                text += _end(sentence)
            else:
                text += _mark(sentence, clause, word.text, following.text, silences[place], stop)
        if text[-1] in CLOSING:
            clause = ""
        if text[-1] in STOPS:
            sentence = ""
        marked.append(word.model_copy(update={"text": text}))
    return marked


def _stop(silences: Sequence[Ms], signs: int) -> Ms:
    """How long a pause ends a sentence here: as many of the longest as make sentences of a usual length."""
    longest = sorted(silences, reverse=True)
    low, high = STOP
    return min(high, max(low, longest[max(0, min(len(longest), signs // USUAL) - 1)])) if longest else high


def _mark(sentence: str, clause: str, word: str, following: str, silence: Ms, stop: Ms) -> str:
    """The mark after `word`, the last of `clause` and `sentence`, before `following`; "" where there is none."""
    if silence < COMMA or (word in _hanging and silence < 2 * stop):
        return ""
    if _opening.match(following) or len(sentence) > FULL // 2:
        stop = stop * 3 // 4
    if silence >= stop and len(sentence) >= SENTENCE:
        return _end(sentence)
    if _asking.search(clause):
        return "？"
    return "，" if len(clause) >= CLAUSE and not _loose.search(clause) else ""


def _end(sentence: str) -> str:
    return "？" if _asking.search(sentence) or _wondering.search(sentence[-24:]) else "。"


def _letters(text: str) -> str:
    return "".join(sign for sign in text if sign.isalnum())
