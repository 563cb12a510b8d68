"""The stage `quotes`: what of a talk may stand on a poster. The words are the speaker's own, sentence by sentence, whole."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise

from repurpose.context import Context
from repurpose.models import Event, Highlights, Ms, Quote, Quotes, Sentence, Slides, Speaker, Transcript
from repurpose.text.join import join_words
from repurpose.text.signs import STOPS, bare, is_cjk, wraps_by_sign

MOST = 8
SIGNS, WORDS = (6, 60), (5, 28)  # Chinese characters, English words: shorter says nothing, longer is no poster
_BEST = {True: (12, 34), False: (8, 18)}  # lengths that read at a glance
_APART: Ms = 20_000  # two quotes said closer together tell of the same thing
_HOST = 0.72  # what a host says counts for less: the guests were asked
_SURE, _LEAST_SURE = 0.7, 0.5  # mean confidence of the words, and of the least sure one: below, it may be misheard
_ALIKE = 0.5  # share of two-sign pieces two quotes may have in common

_leans = re.compile(
    r"(?:这|那|它|他|她|其|所以|因此|但是|但|可是|不过|而且|然后|于是|接着|另外|此外|还有|顺便|比如|例如|也就是|就是说|换句话|同样"
    r"|第[一二三四五六七八九十\d]+个?|最后|首先|其次|下一|下面|刚才|刚刚|上面|前面|好[，。]|对[，。]|嗯|呃|因为|如果说|那么"
    r"|(?:this|that|these|those|it|its|they|he|she|so|and|but|because|then|also|which|or|well|okay|now|here|there|thus|again|first|second|third|finally|next|like|yeah|yes|no)\b)",
    re.IGNORECASE,
)
_talk_about_talk = re.compile(
    r"(?:我讲|我说|我们来|我来|来看|看一下|说一下|讲一下|听我|大家|各位|谢谢|欢迎|提问|问题是|这页|这一页|屏幕|接下来|投票|主持|演一段|我的答案|送.{0,4}一句话|假设|比方"
    r"|\b(?:let me|let's|i'll|i will|i'm going|as you can see|on this slide|next slide|thank|welcome|question|today we)\b)",
    re.IGNORECASE,
)
_turns = re.compile(
    r"不是.+(?:而是|是)|越.+越|只有.+才|与其.+不如|没有.+就没有|宁可.+也不|与.+无关|从来不|永远|真正"
    r"|\b(?:not\b.+\bbut|never|always|the more|rather than|instead of|only when|everybody|nobody|less is|more than)\b",
    re.IGNORECASE,
)
_clauses = re.compile(r"[，,；;：:。.！!？?、]")


def choose(highlights: Highlights, spoken: Transcript, event: Event, slides: Slides, ctx: Context) -> Quotes:
    """At most MOST quotes of the event's named speakers, the best first, spread over the talk.

    A quote is one sentence, or two that follow each other, of one speaker: it stands alone, was surely heard, and has a
    length that fits a poster.
    """
    del slides  # what stood on the screen is for those who draw
    people = {who.name: who for who in event.speakers}
    names = [who.name for who in event.speakers]
    found: list[Quote] = []
    chinese = wraps_by_sign(spoken.language)
    usable = [_usable(k, highlights, spoken, people) for k in range(len(spoken.sentences))]
    for k, sentence in enumerate(spoken.sentences):
        ctx.check()
        if not usable[k]:
            continue
        runs: list[tuple[int, ...]] = [(k,)]
        if k + 1 < len(usable) and usable[k + 1] and _goes_on(sentence, spoken.sentences[k + 1]):
            runs.append((k, k + 1))
        made = (_quote(run, highlights, spoken, people, names, chinese) for run in runs)
        found += [quote for quote in made if quote]
    chosen = _spread(sorted(found, key=lambda quote: (-quote.score, quote.start)))
    why = "" if chosen else "No sentence of a named speaker is short, whole and surely heard."
    return Quotes(quotes=tuple(chosen), why=why)


def verbatim(text: str, sentences: Sequence[int], spoken: Transcript) -> bool:
    """Is `text` what these sentences say, sign by sign, but for spaces and marks?"""
    if any(not 0 <= k < len(spoken.sentences) for k in sentences):
        return False
    return bare(text) == bare("".join(spoken.sentences[k].text for k in sentences))


def length_of(text: str, chinese: bool) -> int:
    """Chinese characters, a Latin word or number as two of them; or words."""
    if not chinese:
        return len(text.split())
    return sum(map(is_cjk, text)) + 2 * len(re.findall(r"[A-Za-z0-9.%]+", text))


def _usable(k: int, highlights: Highlights, spoken: Transcript, people: dict[str, Speaker]) -> bool:
    sentence = spoken.sentences[k]
    if sentence.speaker not in people or k >= len(highlights.items):
        return False
    return highlights.items[k].kind in ("speech", "answer") and highlights.items[k].score > 0


def _goes_on(before: Sentence, after: Sentence) -> bool:
    """Two sentences in one breath that are built alike: the second answers the first."""
    if before.speaker != after.speaker or after.start - before.end > 2500:
        return False
    return _shared(before.text, after.text) >= 0.3


def _quote(
    run: Sequence[int],
    highlights: Highlights,
    spoken: Transcript,
    people: dict[str, Speaker],
    names: Sequence[str],
    chinese: bool,
) -> Quote | None:
    sentences = [spoken.sentences[k] for k in run]
    text = join_words([sentence.text for sentence in sentences], spoken.language)
    signs = length_of(text, chinese)
    low, high = SIGNS if chinese else WORDS
    sure = [word.confidence for sentence in sentences for word in sentence.words] or [1.0]
    if not low <= signs <= high or sum(sure) / len(sure) < _SURE or min(sure) < _LEAST_SURE:
        return None
    if _leans.match(text) or any(name in text for name in names) or text.rstrip()[-1:] not in (*STOPS, "."):
        return None
    who = people[str(sentences[0].speaker)]
    worth = sum(highlights.items[k].score for k in run) / len(run)
    worth += 0.25 * _built(text) + (0.2 if _turns.search(text) else 0.0) + (0.15 if len(run) > 1 else 0.0)
    few, many = _BEST[chinese]
    worth -= 0.012 * max(0, few - signs, signs - many)
    worth -= 0.3 if _talk_about_talk.search(text) else 0.0
    worth -= 0.15 if not highlights.items[run[0]].stands_alone else 0.0
    worth -= 0.6 * (1 - sum(sure) / len(sure)) + 0.45 * (1 - min(sure))
    worth *= _HOST if who.role == "host" else 1.0
    if worth <= 0.2:
        return None
    title = " · ".join(part for part in (who.company, who.title) if part)
    return Quote(
        start=sentences[0].start, end=sentences[-1].end, sentences=tuple(run), text=text, speaker=who.name, title=title,
        score=round(worth, 4),
    )  # fmt: skip


def _built(text: str) -> float:
    """How much its clauses echo each other, 0..1: what is built in parallel is remembered."""
    clauses = [clause.strip() for clause in _clauses.split(text) if len(clause.strip()) > 2]
    return min(1.0, 2 * max((_shared(one, two) for one, two in pairwise(clauses)), default=0.0))


def _shared(one: str, two: str) -> float:
    """The share of the shorter's pieces (two signs, or a word) that the other has too."""
    first, second = _pieces(one), _pieces(two)
    return len(first & second) / max(1, min(len(first), len(second)))


def _pieces(text: str) -> set[str]:
    if any(map(is_cjk, text)):
        signs = bare(text)
        return {signs[k : k + 2] for k in range(len(signs) - 1)}
    return set(re.findall(r"[a-z']{3,}", text.lower()))


def _spread(ranked: Sequence[Quote]) -> list[Quote]:
    """The best that are neither near each other nor alike; nobody has more than their share while others have something."""
    speakers = {quote.speaker for quote in ranked}
    share = -(-MOST // max(1, len(speakers))) + 1
    chosen: list[Quote] = []
    for quote in ranked:
        if len(chosen) == MOST:
            break
        near = any(abs(quote.start - other.start) < _APART for other in chosen)
        alike = any(_shared(quote.text, other.text) > _ALIKE for other in chosen)
        full = sum(other.speaker == quote.speaker for other in chosen) >= share
        if not (near or alike or full):
            chosen.append(quote)
    return chosen
