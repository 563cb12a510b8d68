"""What people at an event are called when they are spoken of: 林溪, 知然, 周总, Priya Nair, Priya, Ms. Nair."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from typing import NamedTuple

from repurpose.models import Speaker
from repurpose.text.script import simplify
from repurpose.text.signs import is_cjk

TITLES = "总|老师|博士|教授|先生|女士|小姐|院长|主任|校长|所长|部长|处长|会长|经理|总监|总裁|董事长|秘书长|工程师|老板|医生|律师|导师"
_DOUBLE = re.compile("欧阳|司马|上官|诸葛|司徒|东方|皇甫|尉迟|公孙|慕容|令狐|夏侯|端木|南宫|长孙|宇文")
_HONOURS = r"(?:mr|mrs|ms|miss|dr|prof|professor|sir)\.?"
_ALONE = (r"(?<![a-zà-ÿ])", r"(?![a-zà-ÿ])")  # Latin letters may stand beside Chinese ones without a space
_PARTICLES = frozenset(
    (
        "de",
        "da",
        "van",
        "von",
        "der",
        "den",
        "la",
        "le",
        "bin",
        "al",
        "dr",
        "mr",
        "ms",
        "mrs",
        "prof",
        "jr",
        "sr",
        "phd",
    )
)


class Called(NamedTuple):
    """One speaker as a pattern: any of the ways to say the name."""

    name: str
    pattern: str
    family: str  # of a Chinese name, when nobody else at the event has it; else ""
    given: str


def called(speakers: Sequence[Speaker]) -> list[Called]:
    """How each speaker may be named in a transcript; a way that fits two of them is left out. Patterns are for
    Simplified characters and lower-case letters."""
    ways = [_ways(speaker.name) for speaker in speakers]
    often = Counter(way for found in ways for way in set(found))
    families = [_family(speaker.name) for speaker in speakers]
    return [
        Called(
            name=speaker.name,
            pattern="|".join(way for way in found if often[way] == 1) or r"(?!)",
            family=family if families.count(family) == 1 else "",
            given=_bare(speaker.name)[len(family) :] if family else "",
        )
        for speaker, found, family in zip(speakers, ways, families, strict=True)
    ]


def _ways(name: str) -> list[str]:
    """Patterns, the longest first."""
    bare = _bare(name)
    family = _family(name)
    if family:
        given = bare[len(family) :]
        ways = [re.escape(bare)]
        ways += [re.escape(given)] if len(given) > 1 else []
        return [*ways, f"{family}(?:{TITLES})"]
    parts = [part for part in re.findall(r"[^\W\d_][\w'’\-]*", bare) if part.strip("'’-")]
    whole = r"[\s.]+".join(map(re.escape, parts)) if parts else re.escape(bare)
    real = [part for part in parts if part not in _PARTICLES and len(part) > 2]
    if len(real) > 1:
        whole = rf"(?:{whole}|{re.escape(real[0])}(?:[\s.]+\w+)?[\s.]+{re.escape(real[-1])})"  # with another middle name or none
    ways = [f"{_ALONE[0]}{whole}{_ALONE[1]}"]
    if len(parts) > 1 and real:
        ways += [
            f"{_ALONE[0]}{re.escape(part)}{_ALONE[1]}" for part in dict.fromkeys((parts[0], real[-1])) if part in real
        ]
    return ways


def _family(name: str) -> str:
    """The family name of a name written in two to four Chinese characters; "" for any other."""
    bare = _bare(name)
    if not 2 <= len(bare) <= 4 or not all(map(is_cjk, bare)):
        return ""
    return bare[:2] if len(bare) > 2 and _DOUBLE.match(bare) else bare[:1]


def _bare(name: str) -> str:
    """As it is compared: Simplified, lower case, without honours; without spaces where it is Chinese."""
    text = re.sub(rf"^{_HONOURS}\s+", "", simplify(name).strip().lower())
    return re.sub(r"[\s·]", "", text) if is_cjk(text[:1] or " ") else text
