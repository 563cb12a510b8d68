"""An event in a few lines: its thesis, the key points of its chapters, the numbers that were said. Pure."""

from __future__ import annotations

import re
from collections.abc import Sequence
from fractions import Fraction
from math import sqrt

from repurpose.context import Context
from repurpose.design.claims import Claim, Heard, alike, claims_in
from repurpose.models import Chapter, Chapters, Event, Highlights, Ms, Slides, Transcript
from repurpose.models.designed import Figure, Part, Point, Points
from repurpose.text.headline import width
from repurpose.text.numerals import Numeral, numerals_of, plain, unsaid, unsaid_names

PARTS, POINTS, FIGURES = 6, 3, 6
POINT = 32  # Chinese characters a point may be wide
CONTEXT = 30  # and what is said of a number
_THESIS = (8, 26)
_SAME = 0.7  # two claims that share so much say the same
_APART: Ms = 60_000  # said again after so long: it is meant to stay
_ENOUGH = 0.3  # what a point must be worth
_BEFORE = 2  # sentences before a chapter that may announce what its title says
_TRIED = 24  # so many of the best claims are looked for again later
_TALK = 0.5  # of a chapter that is greeting and housekeeping: it is no part of what was said
_UNITS = {
    "%": 1.3, "成": 1.2, "倍": 1.3, "times": 1.3, "x": 1.2, "元": 1.2, "块": 1.1, "单": 1.2, "美元": 1.2, "dollars": 1.2,
    "deals": 1.2, "小时": 1.05, "hours": 1.05, "天": 1.0, "days": 1.0, "件": 1.1, "人": 1.05, "个人": 1.05, "people": 1.05,
    "": 0.8, "个": 0.6, "月": 0.4, "号": 0.2, "日": 0.2, "年": 0.6, "页": 0.5, "分": 0.7, "条": 0.8, "分钟": 0.6, "秒": 0.6,
    "minutes": 0.6, "seconds": 0.6, "周": 0.8, "星期": 0.8, "步": 0.4, "级": 0.4, "句": 0.5, "字": 0.7,
}  # fmt: skip
_ordinal = re.compile(r"(?:st|nd|rd|th)\b")
_YEARS = range(1500, 2101)  # a number like these, without unit and separator, is a year
_PLACES = 1.6  # a number with a decimal point was reckoned, not guessed


def find(
    event: Event, spoken: Transcript, chapters: Chapters, highlights: Highlights, slides: Slides, ctx: Context
) -> Points:
    """The thesis, at most six chapters with three points each, and six numbers, the most telling first."""
    ctx.check()
    return pointed(spoken, chapters, highlights, slides, event)


def pointed(
    transcript: Transcript, chapters: Chapters, highlights: Highlights, slides: Slides, event: Event,
    parts: int = PARTS, points: int = POINTS, figures: int = FIGURES, without: Sequence[str] = (),
) -> Points:  # fmt: skip
    """At most so many chapters, points in each and numbers; nothing twice, and nothing that `without` says already.

    Every number and every name in a text occurs in the sentences it cites.
    """
    names = tuple(speaker.name for speaker in event.speakers)
    hosts = tuple(speaker.name for speaker in event.speakers if speaker.role == "host")
    heard = Heard(transcript, highlights, slides, names, hosts)
    told = [(chapter, claims_in(heard, chapter.first, chapter.last, POINT)) for chapter in chapters.items]
    thesis = _thesis([claim for _, claims in told for claim in claims], without)
    used = [*without, *([thesis.text] if thesis else [])]
    numbers = _figures(told, heard, figures, used)
    used += [figure.point.text for figure in numbers]
    chosen = _parts(told, heard, parts, points, used)
    return Points(
        thesis=_point(thesis) if thesis else None,
        parts=tuple(chosen),
        figures=tuple(numbers),
    )


def _point(claim: Claim) -> Point:
    return Point(text=claim.text, sentences=claim.sentences, at=claim.at, speaker=claim.speaker)


def _thesis(claims: Sequence[Claim], without: Sequence[str]) -> Claim | None:
    """The claim that is said again later, best as a page has it; else the best that is short."""
    short = [
        claim for claim in claims if _THESIS[0] <= width(claim.text) <= _THESIS[1] and not _among(claim.text, without)
    ]

    def weight(claim: Claim) -> float:
        again = any(abs(other.at - claim.at) >= _APART and alike(other.text, claim.text) >= 0.85 for other in claims)
        return claim.worth * (1.6 if again else 1.0) * (1.2 if claim.shown else 1.0)

    best = sorted(short, key=lambda claim: -claim.worth * (1.2 if claim.shown else 1.0))[:_TRIED]
    return max(best, key=weight, default=None)


def _parts(
    told: Sequence[tuple[Chapter, list[Claim]]], heard: Heard, most: int, points: int, without: Sequence[str]
) -> list[Part]:
    """The chapters that say most, in their order, each with its best points."""
    used = list(without)
    found: list[tuple[float, Part]] = []
    for number, (chapter, claims) in enumerate(told):
        best: list[Claim] = []
        for claim in claims:
            if any(set(claim.sentences) & set(other.sentences) for other in best) or claim.worth < _ENOUGH:
                continue
            if len(best) < points and not _among(claim.text, used) and alike(claim.text, chapter.title) < 0.9:
                best.append(claim)
                used.append(claim.text)
        title = _title(chapter, best, heard)
        if not best or not title:
            continue
        best = [claim for claim in best if claim.text != title] or best
        worth = sum(sorted((claim.worth for claim in best), reverse=True)[:2]) * (1 - _small_talk(chapter, heard))
        best.sort(key=lambda claim: (claim.at, claim.text))
        part = Part(
            title=title,
            start=chapter.start,
            chapter=number,
            slide=_page(chapter, best, heard.slides),
            points=tuple(map(_point, best)),
        )
        found.append((worth, part))
    found.sort(key=lambda pair: -pair[0])
    return sorted((part for worth, part in found[:most] if worth > 0), key=lambda part: part.start)


def _title(chapter: Chapter, claims: Sequence[Claim], heard: Heard) -> str:
    """The chapter's title; its best point where the title has a number or a name that was not said in it."""
    cited = heard.transcript.sentences[max(0, chapter.first - _BEFORE) : chapter.last + 1]
    said, who = " ".join(sentence.text for sentence in cited), " ".join(sentence.speaker or "" for sentence in cited)
    if not unsaid(chapter.title, said) and not unsaid_names(chapter.title, f"{said} {who}", heard.names):
        return chapter.title
    return claims[0].text if claims else ""


def _page(chapter: Chapter, claims: Sequence[Claim], slides: Slides) -> int | None:
    """The page that was shown when the best points were said, else the one that opens the chapter."""
    shown = [claim for claim in claims if claim.shown]
    for claim in sorted(shown or claims, key=lambda claim: -claim.worth):
        for number, page in enumerate(slides.pages):
            if page.start - 3_000 <= claim.at < page.end:
                return number
    return chapter.slide


def _small_talk(chapter: Chapter, heard: Heard) -> float:
    """The share of a chapter's time that is greeting, housekeeping and asking; 1 where it is mostly that."""
    spans = range(chapter.first, chapter.last + 1)
    whole = sum(heard.transcript.sentences[at].length for at in spans) or 1
    empty = sum(
        heard.transcript.sentences[at].length
        for at in spans
        if heard.highlights.items[at].kind in ("greeting", "housekeeping", "question")
    )
    return min(1.0, 2 * empty / whole if empty / whole < _TALK else 1.0)


def _figures(
    told: Sequence[tuple[Chapter, list[Claim]]], heard: Heard, most: int, without: Sequence[str]
) -> list[Figure]:
    """The numbers that say most, each value once, at most two of a chapter and none of small talk."""
    ranked: list[tuple[float, int, Fraction, Figure]] = []
    for number, (chapter, claims) in enumerate(told):
        quiet = 1 - _small_talk(chapter, heard) / 2
        for claim in claims:
            if width(claim.text) > CONTEXT or _among(claim.text, [*without, chapter.title]):
                continue
            numerals = [each for each in numerals_of(claim.text) if not plain(each)]
            for place, numeral in enumerate(numerals):
                weight = _weight(numeral, claim, heard) * quiet / (1 + 0.15 * (len(numerals) - 1)) * (1 + 0.01 * place)
                if weight > 0:
                    large, unit = shown_number(numeral)
                    figure = Figure(number=large, unit=unit, point=_point(claim))
                    ranked.append((weight * sqrt(claim.worth), number, numeral.value, figure))
    ranked.sort(key=lambda each: (-each[0], each[3].point.at))
    chosen: list[tuple[int, Fraction, Figure]] = []
    for _, number, value, figure in ranked:
        here = sum(one == number for one, _, _ in chosen)
        same = any(value == other or _among(figure.point.text, [one.point.text]) for _, other, one in chosen)
        if len(chosen) < most and here < 2 and not same:
            chosen.append((number, value, figure))
    return [figure for _, _, figure in chosen]


def _weight(numeral: Numeral, claim: Claim, heard: Heard) -> float:
    """How much a number is worth showing large; 0 for ordinals, articles and small counts."""
    if numeral.unit in ("", "年") and numeral.value in _YEARS and "," not in numeral.text:
        return 0.0
    if _ordinal.match(claim.text, numeral.end):
        return 0.0
    if numeral.lead == "第" or (numeral.unit in ("", "个") and numeral.value < 10):
        return 0.0
    weight = _UNITS.get(numeral.unit, 0.9) * (0.75 if numeral.value < 10 and numeral.value.denominator == 1 else 1.0)
    if numeral.value < 3 and numeral.unit not in ("%", "倍", "成", "times", "x"):
        return 0.0
    on_page = any(
        numeral.value in {each.value for each in numerals_of(page.text) if each.value >= 10 or each.value < 1}
        for page in heard.slides.pages
        if page.start <= claim.at < page.end
    )
    exact = numeral.value.denominator > 1 and numeral.unit not in ("%", "成")
    return weight * (1.3 if on_page else 1.0) * (_PLACES if exact else 1.0)


def shown_number(numeral: Numeral) -> tuple[str, str]:
    """A number as it is set large: digits, and its unit; a number said in words is written in digits."""
    value, unit = numeral.value, numeral.unit
    if unit == "%":
        return f"{_digits(value * 100)}%", ""
    if unit == "成":
        return _digits(value * 10), unit
    if unit == "‰":
        return f"{_digits(value * 1000)}‰", ""
    for scale, name in ((10**8, "亿"), (10**4, "万")):
        if name in numeral.text and value % (scale // 10) == 0:
            return f"{numeral.lead if numeral.lead in '$¥￥€£' else ''}{_digits(value / scale)}", name + unit
    for scale, name in ((10**12, "trillion"), (10**9, "billion"), (10**6, "million")):
        if name in numeral.text.lower():
            return f"{numeral.lead}{_digits(value / scale)}", f"{name} {unit}".strip()
    return f"{numeral.lead}{_digits(value)}", "人" if unit == "个人" else unit


def _digits(value: Fraction) -> str:
    """With separators of thousands, and no more decimals than it has."""
    whole = f"{float(value):,.4f}".rstrip("0").rstrip(".")
    return whole if Fraction(whole.replace(",", "")) == value else f"{float(value):,.1f}"


def _among(text: str, used: Sequence[str]) -> bool:
    return any(alike(text, other) >= _SAME for other in used)
