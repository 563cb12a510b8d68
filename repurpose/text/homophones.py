"""Chinese that was heard right and written wrong: words that sound like one that was on the screen then.

Mandarin has some 400 syllables for thousands of characters, so a listener writes 路向 for 录像. A slide spells it. A stretch
is written as shown where it sounds the same and the sentence gets likelier by it: by the words' frequencies (jieba's
dictionary), by how unsure the listener was, and by how long the stretch is that agrees.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Sequence
from functools import lru_cache
from itertools import islice, product
from typing import NamedTuple

from repurpose.text.jieba_words import cut, segmenter

SHORTEST, LONGEST = 2, 6  # characters of a stretch
_TOKENS = 4  # words of the slide it may run over
# Chosen on one made talk with its script, where they mend 50 stretches and spoil 2, and tried on another.
_SHOWN, _UNSURE, _LENGTH, _FUZZY, _ENOUGH = 2.0, 4.0, 1.5, 2.5, 5.1
_READINGS = 3  # of one character; the rarer ones are names and dialect
_PARTICLES = frozenset("的了着")  # their other readings are rare, and they are everywhere
_HAN = re.compile("[\u4e00-\u9fff]+")
_NUMERALS = frozenset("零一二三四五六七八九十百千万亿两")
_MADE = 4  # characters that must agree before one of them becomes a numeral
# Alike in sound, and a matter of grammar: the slide says nothing about which was meant.
_GRAMMAR = [frozenset(group) for group in ("他她它", "的地得", "那哪", "做作", "在再")]
_FINAL = re.compile("(?<=[aei]n)g$")
_INITIAL = re.compile("^(?:zh|ch|sh)")


class Spelled(NamedTuple):
    """A stretch as it was shown, and how it is said there: a syllable without tone for each character."""

    text: str
    sound: tuple[str, ...]


Spellings = dict[tuple[str, ...], list[Spelled]]  # by how they sound, n and ng, z and zh told as one


def spellings(texts: Iterable[str], terms: Sequence[str] = ()) -> Spellings:
    """Every stretch of up to four words that `texts` show, and each of `terms` whole, by how it sounds."""
    found: Spellings = {}
    for text in texts:
        for spelled in _stretches_of(text):
            _note(found, spelled)
    for term in terms:
        if _HAN.fullmatch(term) and len(term) <= LONGEST:
            _note(found, Spelled(term, _said(term)))
    return found


def respell(text: str, sure: Sequence[float], shown: Spellings, terms: Sequence[str] = ()) -> str:
    """The text, as long as before, with what was shown written as shown. `sure`: the listener's confidence in each sign."""
    return _HAN.sub(lambda run: _run(run[0], sure[run.start() : run.end()], shown, tuple(terms)), text)


def _run(heard: str, sure: Sequence[float], shown: Spellings, terms: tuple[str, ...]) -> str:
    before = _likely(heard, terms)
    options: list[tuple[float, int, str]] = []
    for start in range(len(heard)):
        for size in range(SHORTEST, min(LONGEST, len(heard) - start) + 1):
            piece = heard[start : start + size]
            alike = [spelled for key in _keys(piece) for spelled in shown.get(key, ())]
            if any(spelled.text == piece for spelled in alike):
                continue  # that is how it is shown
            for spelled in alike:
                fuzzy = _fuzzy(piece, spelled)
                if fuzzy is None:
                    continue
                doubt = 1 - min(sure[start + at] for at in range(size) if piece[at] != spelled.text[at])
                gain = _likely(heard[:start] + spelled.text + heard[start + size :], terms) - before
                score = gain + _SHOWN + _UNSURE * doubt + _LENGTH * (size - SHORTEST) - _FUZZY * fuzzy
                if score > _ENOUGH:
                    options.append((score, start, spelled.text))
    written, taken = list(heard), set[int]()
    for _, start, spelling in sorted(options, reverse=True):
        places = range(start, start + len(spelling))
        if taken.isdisjoint(places):
            taken.update(places)
            written[start : start + len(spelling)] = spelling
    return "".join(written)


def _fuzzy(piece: str, spelled: Spelled) -> int | None:
    """How many syllables agree only roughly; None where it is no other spelling of the same."""
    changed = [at for at in range(len(piece)) if piece[at] != spelled.text[at]]
    if all(any({piece[at], spelled.text[at]} <= group for group in _GRAMMAR) for at in changed):
        return None
    if any(piece[at] in _NUMERALS for at in changed):
        return None  # a number that was heard stays
    if len(piece) < _MADE and any(spelled.text[at] in _NUMERALS for at in changed):
        return None
    fuzzy = sum(spelled.sound[at] not in _readings(piece[at]) for at in changed)
    return fuzzy if fuzzy <= 1 else None


def _keys(piece: str) -> set[tuple[str, ...]]:
    return set(product(*({_folded(one) for one in _readings(sign)} for sign in piece)))


def _note(found: Spellings, spelled: Spelled) -> None:
    alike = found.setdefault(tuple(_folded(one) for one in spelled.sound), [])
    if spelled not in alike:
        alike.append(spelled)


@lru_cache(maxsize=256)
def _stretches_of(text: str) -> tuple[Spelled, ...]:
    found: dict[str, Spelled] = {}
    for run in _HAN.findall(text):
        sound = _said(run)
        ends = [0]
        for word in cut(run):
            ends.append(ends[-1] + len(word))
        for first, start in enumerate(ends):
            for end in islice(ends, first + 1, first + 1 + _TOKENS):
                if SHORTEST <= end - start <= LONGEST:
                    found.setdefault(run[start:end], Spelled(run[start:end], sound[start:end]))
    return tuple(found.values())


def _said(text: str) -> tuple[str, ...]:
    import pypinyin

    return tuple(pypinyin.lazy_pinyin(text))


@lru_cache(maxsize=8192)
def _readings(sign: str) -> tuple[str, ...]:
    import pypinyin

    if sign in _PARTICLES:
        return _said(sign)
    return tuple(pypinyin.pinyin(sign, style=pypinyin.Style.NORMAL, heteronym=True)[0][:_READINGS])


@lru_cache(maxsize=2048)
def _folded(syllable: str) -> str:
    """Without what many speakers do not tell apart: zh and z, ch and c, sh and s; -ang and -an, -eng and -en, -ing and -in."""
    return _FINAL.sub("", _INITIAL.sub(lambda initial: initial[0][0], syllable))


def _likely(run: str, terms: tuple[str, ...]) -> float:
    """The logarithm of how likely the best division into words is, each word by its frequency."""
    words = segmenter(terms)
    total = math.log(words.total)
    best = [0.0] + [-math.inf] * len(run)
    for end in range(1, len(run) + 1):
        for start in range(max(0, end - LONGEST), end):
            often = words.FREQ.get(run[start:end], 0)
            if often or end == start + 1:
                best[end] = max(best[end], best[start] + math.log(max(1, often)) - total)
    return best[-1]
