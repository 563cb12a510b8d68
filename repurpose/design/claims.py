"""What may stand on a picture as said: pieces of sentences, and lines of a page that the speaker said while it was shown.

A page spells names and terms right where a transcript may have misheard them; it counts only where the transcript has its
words in its order, and every number of it.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Sequence
from functools import lru_cache
from itertools import pairwise
from typing import NamedTuple

from repurpose.models import Highlights, Ms, Sentence, Slide, Slides, Transcript
from repurpose.text.headline import width
from repurpose.text.numerals import numerals_of, unsaid, unsaid_names
from repurpose.text.signs import CJK, is_cjk, wraps_by_sign

_AGREED = 0.75  # of a line's words that the speaker said, in order
_SURE, _HEARD = 0.55, 0.86  # the least confidence of any word, and of all together, of words that are shown
_FULL = 12.0  # Chinese characters as wide as what says a whole thing
_HOST = 0.6  # what the host says leads on more often than it says something
_EARLY: Ms = 3_000  # a page is often spoken of a moment before it is seen
_FURNITURE = 3  # a line on so many pages is their frame
_LEAST = {True: 7, False: 8}  # Chinese characters as wide as what says enough: of Chinese, of Latin
_token = re.compile(rf"[{CJK}]|[^\W_{CJK}]+")
_clause = re.compile(r"(?<=[，；：—])\s*|(?<=[,;:])(?!\d)\s*")  # 6,000 and 12:30 are whole
_leads = re.compile(
    r"^(?:所以|其实|那么|然后|而且|但是|可是|另外|也就是说|注意|因为|还有|好|对|那|"
    r"(?:so|and|but|now|well|okay|you know|i mean|actually|basically)\b)[，,、]?\s*",
    re.IGNORECASE,
)
_leaning = re.compile(
    r"^(?:[他她它这那](?!一|里面)|其|he|she|it|this|that|they|those|these)(?![\w-]*\w)?", re.IGNORECASE
)
_reckons = re.compile(r"[÷×=＝≈→↓↑①②③④⑤⑥]|\d\s?[+*/]\s?\d")  # notes of a page, no words
_edge_gap = re.compile(rf"(?<=[{CJK}])\s+(?=[{CJK}])")
_latin_tail = re.compile(rf"(?<=[{CJK}，。？！])\s*(?:[/|]\s*|\s)[A-Za-z][\w'’,.:;-]*(?:\s+[\w'’,.:;?-]+)+$")
_dash = re.compile(r"^[一—-]\s+")  # a rule before a heading, as it is read off a page
_EDGES = " \t，,。.；;：:、—-•·"


class Claim(NamedTuple):
    """Words with the sentences they were said in."""

    text: str
    sentences: tuple[int, ...]
    at: Ms  # when the first of them begins
    speaker: str
    worth: float
    shown: bool = False  # spelled as the page has it, not as the transcript


class Heard(NamedTuple):
    """What claims are made of."""

    transcript: Transcript
    highlights: Highlights
    slides: Slides
    names: tuple[str, ...]
    hosts: tuple[str, ...] = ()

    @property
    def chinese(self) -> bool:
        return wraps_by_sign(self.transcript.language)


def claims_in(heard: Heard, first: int, last: int, most: float) -> list[Claim]:
    """Every claim of the sentences `first` to `last`, at most `most` Chinese characters wide, the best first.

    Each number and each name in one occurs in its sentences.
    """
    sentences = heard.transcript.sentences
    found = [claim for at in range(first, last + 1) for claim in spoken_claims(heard, at, most)]
    if first <= last:
        found += page_claims(heard, sentences[first].start, sentences[last].end, first, last, most)
    return sorted(found, key=lambda claim: (-claim.worth, claim.at))


def spoken_claims(heard: Heard, at: int, most: float) -> list[Claim]:
    """Pieces of one sentence, word for word: the whole where it is short enough, else runs of its clauses."""
    sentence, highlight = heard.transcript.sentences[at], heard.highlights.items[at]
    if highlight.kind not in ("speech", "answer"):
        return []
    worth = highlight.score * (1.0 if highlight.stands_alone else 0.75)
    worth *= _HOST if sentence.speaker in heard.hosts else 1.0
    found = []
    for share, piece in _pieces(sentence.text, most, heard.chinese):
        text = _leads.sub("", piece).strip(_EDGES)
        if width(text) < _LEAST[heard.chinese] or text.endswith(("？", "?")) or not heard_well(sentence, text):
            continue
        value = worth * share * _fullness(text) * (0.6 if _leaning.match(text) else 1.0)
        found.append(Claim(text[0].upper() + text[1:], (at,), sentence.start, sentence.speaker or "", value))
    return found


def page_claims(heard: Heard, start: Ms, end: Ms, first: int, last: int, most: float) -> list[Claim]:
    """Lines of the pages that were shown from `start` to `end` and said in the sentences `first` to `last`."""
    sentences = heard.transcript.sentences
    frame = _frame(heard.slides)
    found = []
    for page in heard.slides.pages:
        if page.end <= start or page.start >= end:
            continue
        inside = [
            at
            for at in range(first, last + 1)
            if sentences[at].end > page.start - _EARLY and sentences[at].start < page.end
        ]
        for line, loose in _lines(page, frame).items():
            text = _as_written(line, heard.chinese)
            if (
                not _LEAST[heard.chinese] - 1 <= width(text) <= most
                or text.endswith(("？", "?"))
                or _reckons.search(text)
            ):
                continue
            said = _found_in(text, sentences, inside)
            if said is None or (loose and len(said[1]) > 1):
                continue
            agreed, places = said
            speech = " ".join(sentences[at].text for at in places)
            speaker = sentences[places[0]].speaker or ""
            if unsaid(text, speech) or unsaid_names(text, f"{speech} {speaker}", heard.names):
                continue
            scores = [heard.highlights.items[at].score for at in places]
            worth = (0.1 + (0.7 + 0.5 * agreed) * max(0.3, *scores)) * (0.8 if _leaning.match(text) else 1.0)
            worth *= _fullness(text) * (_HOST if speaker in heard.hosts else 1.0)
            found.append(Claim(text, places, sentences[places[0]].start, speaker, worth, shown=True))
    return found


def heard_well(sentence: Sentence, piece: str) -> bool:
    """Were the words of a piece of the sentence understood well enough to be shown? Those of a subtitle always are."""
    low = sentence.text.find(piece)
    high = low + len(piece)
    sure, at = [], 0
    for word in sentence.words:
        text = word.text.strip()
        found = sentence.text.find(text, at)
        if found < 0:
            continue
        at = found + len(text)
        if low < at and found < high:
            sure.append(word.confidence)
    return not sure or (min(sure) >= _SURE and sum(sure) / len(sure) >= _HEARD)


def alike(one: str, other: str) -> float:
    """How much of the shorter text the other has too, 0..1, whatever the order."""
    a, b = _counted(one), _counted(other)
    common = sum(min(count, b[token]) for token, count in a.items() if token in b)
    return common / max(1, min(a.total(), b.total()))


def _fullness(text: str) -> float:
    return min(1.0, 0.3 + 0.7 * width(text) / _FULL)


def _as_written(line: str, chinese: bool) -> str:
    """A line of a page as it stands in running text: in Chinese without a translation behind it, its gaps commas."""
    if not chinese:
        return line.strip(_EDGES)
    line = _dash.sub("", _latin_tail.sub("", line.strip()))
    return _edge_gap.sub("，", line.replace("?", "？")).strip(_EDGES)


def _pieces(text: str, most: float, chinese: bool) -> list[tuple[float, str]]:
    """What of a sentence may stand for it, each with how well it does.

    A Chinese clause is often a sentence of its own; one of another language is a fragment unless it begins the sentence.
    """
    if width(text.strip(_EDGES)) <= most:
        return [(1.0, text)]
    clauses = _clause.split(text)
    found = []
    for start in range(len(clauses) if chinese else 1):
        for stop in range(start + 1, len(clauses) + 1):
            piece = "".join(_spaced(clauses[start:stop]))
            if width(piece.strip(_EDGES)) <= most:
                found.append((0.55 + 0.3 * width(piece) / most, piece))
    return found


def _spaced(clauses: Sequence[str]) -> list[str]:
    """Latin clauses with the space between them again."""
    return [clause + " " if clause[-1:] in ",;:—" else clause for clause in clauses]


def _lines(page: Slide, frame: Collection[str]) -> dict[str, bool]:
    """What stands on a page: its title, its lines, two lines as one where the first ends in a comma; and, told by True,
    two lines that may belong together."""
    rows = [line.strip() for line in page.text.splitlines() if line.strip()]
    pairs = list(pairwise(rows))
    joined = [f"{one}{two}" for one, two in pairs if one.endswith(("，", "、"))]
    joined += [f"{one} {two}" for one, two in pairs if one.endswith(",")]
    loose = [f"{one}，{two}" for one, two in pairs if is_cjk(one[-1]) and is_cjk(two[0]) and one not in frame]
    lines = dict.fromkeys(loose, True) | dict.fromkeys([page.title.strip(), *joined, *rows], False)
    return {line: loose for line, loose in lines.items() if line not in frame}


def _frame(slides: Slides) -> set[str]:
    counts = Counter(line.strip() for page in slides.pages for line in set(page.text.splitlines()))
    return {line for line, count in counts.items() if count >= _FURNITURE}


def _found_in(text: str, sentences: Sequence[Sentence], inside: Sequence[int]) -> tuple[float, tuple[int, ...]] | None:
    """Where a line was said: the share of its words, and the sentences; None where less than AGREED of it was.

    Its words are aligned with a stretch of the speech at the least cost (Smith-Waterman, whole on the line's side).
    """
    line = _tokens(text)
    speech = [(token, at) for at in inside for token in _tokens(sentences[at].text)]
    if not line or (Counter(line) & Counter(token for token, _ in speech)).total() < _AGREED * len(line):
        return None
    # score, words in common, first and last of them in the speech
    rows: list[tuple[float, int, int, int]] = [(0.0, 0, -1, -1)] * (len(speech) + 1)
    for i, token in enumerate(line, 1):
        before, rows = rows, [(-0.4 * i, 0, -1, -1)]
        for j, (said, _) in enumerate(speech, 1):
            score, common, low, _ = before[j - 1]
            if token == said:
                best = (score + 1, common + 1, low if low >= 0 else j - 1, j - 1)
            else:
                best = (score - 0.4, *before[j - 1][1:])
            if before[j][0] - 0.4 > best[0]:
                best = (before[j][0] - 0.4, *before[j][1:])
            if rows[j - 1][0] - 0.12 > best[0]:
                best = (rows[j - 1][0] - 0.12, *rows[j - 1][1:])
            rows.append(best)
    _, common, low, high = max(rows, key=lambda cell: cell[0])
    if common < _AGREED * len(line) or low < 0:
        return None
    return common / len(line), tuple(sorted({at for _, at in speech[low : high + 1]}))


@lru_cache(maxsize=8192)
def _counted(text: str) -> Counter[str]:
    return Counter(_tokens(text))


@lru_cache(maxsize=8192)
def _tokens(text: str) -> tuple[str, ...]:
    """Characters of Chinese, words of Latin, numbers by their value."""
    tokens: list[str] = []
    done = 0
    for numeral in numerals_of(text):
        tokens += _token.findall(text[done : numeral.start].lower())
        tokens += [str(numeral.value), *_token.findall(numeral.unit)]
        done = numeral.end
    return (*tokens, *_token.findall(text[done:].lower()))
