"""Punctuation for Chinese: Whisper's own marks, and where it wrote none, stops and commas from the pauses."""

from __future__ import annotations

import re
from collections.abc import Sequence

from repurpose.models import Ms, Span, Word
from repurpose.text.signs import CLOSING, STOPS
from repurpose.transcribe.edges import silence_between

STOP: Ms = 600  # a pause this long ends a sentence
COMMA: Ms = 220  # a pause this long parts two clauses
CLAUSE = 5  # signs: nothing shorter is parted by a comma
SENTENCE = 8  # signs: nothing shorter is ended by a pause alone
FULL = 60  # signs: longer sentences end at their best comma

# Words that cannot end a clause: what they belong to follows.
_hanging = re.compile(
    r"(?:和|与|及|或|以及|在|把|被|对|从|向|让|给|比|是|以|将|由|于|这|那|这个|那个|一个|每|各|等于|而|但|但是|因为|所以|如果|就|也|都|还|很|非常|不|没|没有|第[一二三四五六七八九十])$"
)
# Words a new sentence likes to begin with.
_opening = re.compile(
    r"^(?:但是|不过|然而|所以|因此|那么|然后|接下来|首先|其次|最后|另外|此外|同时|第[一二三四五六七八九十]|大家|我们|今天|现在|好)"
)
_asking = re.compile(r"(?:吗|是不是|对不对|好不好|行不行|可不可以|能不能|有没有)$")
_wondering = re.compile(
    r"(?:什么|为什么|怎么|怎样|如何|谁|哪|多少|几|何).*(?:呢|啊|呀)$|(?:为什么|怎么办|怎么样|是什么|有哪些|在哪里|多少钱)$"
)


def punctuate(words: Sequence[Word], pauses: Sequence[Span], closed: bool = True) -> list[Word]:
    """The words with marks where a listener would set them. `closed`: what follows the last word is the end."""
    marked: list[Word] = []
    clause = sentence = ""
    for place, word in enumerate(words):
        text = word.text
        clause += _letters(text)
        sentence += _letters(text)
        following = words[place + 1] if place + 1 < len(words) else None
        if text[-1] not in CLOSING:
            if following is None:
                text += _end(sentence) if closed else ""
            else:
                text += _mark(sentence, clause, following.text, silence_between(word, following, pauses))
        if text[-1] in CLOSING:
            clause = ""
        if text[-1] in STOPS:
            sentence = ""
        marked.append(word.model_copy(update={"text": text}))
    return marked


def _mark(sentence: str, clause: str, following: str, silence: Ms) -> str:
    if silence < COMMA or _hanging.search(clause):
        return ""
    stop = STOP - (150 if _opening.match(following) else 0) - (100 if len(sentence) > FULL // 2 else 0)
    if silence >= stop and len(sentence) >= SENTENCE:
        return _end(sentence)
    if _asking.search(clause) and silence >= COMMA:
        return "？"
    return "，" if len(clause) >= CLAUSE else ""


def _end(sentence: str) -> str:
    return "？" if _asking.search(sentence) or _wondering.search(sentence[-24:]) else "。"


def _letters(text: str) -> str:
    return "".join(sign for sign in text if sign.isalnum())
