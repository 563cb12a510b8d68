"""What is said in a sentence about who speaks: this voice, the next one, the one before, or not this one."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Literal, NamedTuple

from repurpose.speakers.called import TITLES, Called
from repurpose.text.script import simplify

# `near`: the next or the one before; `other`: someone who is not speaking is spoken of
Whose = Literal["own", "next", "before", "near", "other"]

_ROLES = "今天的|本次|本场|这场|你们的|大家的|各位的|主持人|主讲人|主讲|嘉宾|讲师|老朋友|朋友|来自|的|[，,、 ]"
_IS = (
    rf"(?:我是|我叫|我的名字是|我的名字叫|我名叫|本人是|这里是)(?:{_ROLES})*"
    rf"(?:[^。？！?!，,]{{0,24}}(?:的|创始人|负责人|{TITLES}))?(?:{_ROLES})*"
)
_I_AM = (
    r"(?:\bi['’]?m|\bi am|\bmy name is|\bmy name['’]s|\bmyself)\s+"
    r"(?:your |the |today['’]s |host |moderator |speaker |presenter |dr\.? |professor |,\s*)*"
)
_THIS_IS = r"\bthis is\s+(?:dr\.? |professor )?"
_THANKS = (
    r"(?:谢谢|感谢|多谢|辛苦)(?:您|你|了|一下|我们的|咱们的|嘉宾|主持人|[，, ])*|\b(?:thanks|thank you)\b[^.?!]{0,24}?"
)
_INVITES = (
    r"(?:有请|请出|请到|邀请|欢迎|请|交给|交棒给|转给|传给|问问|请教|问一下|想问)"
    r"(?:我们|咱们|一下|下|出|到|了|[ 、])*(?:[^。？！?!，,]{0,24}的)?(?:嘉宾|[ 、])*"
)
_WELCOMES = (
    r"\b(?:welcome|over to|back to|turn (?:it|things|the \w+) (?:over )?to|pass (?:it |this )?to|introduce|invite|"
    r"next (?:up|speaker|is)(?: is)?|joined by|question (?:is |comes |will come )?(?:is )?(?:now )?from(?: the line of)?|hear from|start with|ask)"
    r"\b(?:[^.?!]|\b(?:dr|mr|mrs|ms|prof)\.){0,30}?"
)
_TURN = (  # after a name that is called
    r"[，,？? 、。.]*(?:那|就|先|也|接下来|下面)?"
    r"(?:时间|话筒|舞台)?(?:交给你|交给您|交给|你来|您来|来讲|来说|来给|给我们|为我们|给大家|为大家|你先|您先|先来|先说|你怎么|您怎么|你觉得|您觉得|你认为|您认为|你看|您看|请讲|请说|请)"
    r"|,?\s*(?:please|you can|go ahead|take it away|the floor|your line|what|how|do you|would you|could you|can you|over to you|tell us)\b"
)
_GREETS = r"\b(?:hi|hello|hey|good (?:morning|afternoon|evening))\b[, ]*"
_GREETED = r"[，, ]*(?:您好|你好)"
_GIVEN = r"\s*(?:的?(?:邀请|团队|公司)|['’]s\b)"  # 感谢周远的邀请 may be said to anybody
_OWNED = r"\s*(?:的|团队|公司|那边|['’]s\b)"  # 我是周远的同事 is not 周远
_PAY = {
    "own": 3.0,
    "this is": 1.5,
    "sounds": 1.5,
    "next": 1.5,
    "called": 1.0,
    "before": 1.5,
    "near": 0.75,
    "other": -0.5,
}


class Hint(NamedTuple):
    """Something a sentence says about a name."""

    name: str
    whose: Whose
    weight: float


def hints(text: str, people: Sequence[Called]) -> list[Hint]:
    """What the sentence tells about the speakers named in it, at most one thing about each. Only the last who is called
    up may be the next, and who is thanked together with others need not be the one before."""
    plain = simplify(text).lower()
    found: list[tuple[int, Hint]] = []
    for person in people:
        best = max(_of(plain, person), key=lambda entry: (abs(entry[1].weight), entry[0]), default=None)
        if best is not None:
            found.append(best)
    found.sort()
    called_up = [at for at, hint in found if hint.whose == "next"]
    thanked = [at for at, hint in found if hint.whose == "before"]
    vague = {*called_up[:-1], *(thanked if len(thanked) > 1 else ())}
    return [Hint(hint.name, "other", _PAY["other"]) if at in vague else hint for at, hint in found]


def _of(text: str, person: Called) -> Iterator[tuple[int, Hint]]:
    for match in re.finditer(person.pattern, text):
        before, after = text[: match.start()], text[match.end() :]
        whose, kind = _judged(before, after)
        yield match.start(), Hint(person.name, whose, _PAY[kind])
    if person.family and person.given and not re.search(person.pattern, text):
        # The listener often hears a name right and spells it wrong: 我是周元 for 周远.
        near = rf"{_IS}{person.family}[^\W\d_，。]{{{len(person.given)}}}(?=$|[，。！？,.!?])"
        if heard := re.search(near, text):
            yield heard.start(), Hint(person.name, "own", _PAY["sounds"])


def _judged(before: str, after: str) -> tuple[Whose, str]:
    if re.search(rf"(?:{_IS}|{_I_AM})$", before) and not re.match(_OWNED, after):
        return "own", "own"
    if re.search(rf"{_THIS_IS}$", before) and re.match(
        r"(?:\s+\w+)?\s*(?:$|[.,!]|(?:speaking|from|with|here|at)\b)", after
    ):
        return "own", "this is"
    if not before.strip(" ,.") and re.match(r"\s+(?:here|speaking)\b", after):
        return "own", "own"
    if re.search(rf"(?:{_GREETS})$", before) or re.match(_GREETED, after):
        return "near", "near"
    if re.search(rf"(?:{_THANKS})$", before) and not re.match(_GIVEN, after):
        return "before", "before"
    if re.search(rf"(?:{_INVITES}|{_WELCOMES})$", before) or re.match(_TURN, after):
        return "next", "next"
    starts = re.search(
        r"(?:^|[，,。？?！!、])\s*(?:好的?|那|那么|嗯|and|so|okay|ok|well|all right|alright|[，, ])*$", before
    )
    ends = re.match(r"\s*(?:$|[，,？?。.！!])", after)
    if starts and ends and (before or after):
        return "next", "called"
    if re.fullmatch(r"\s*[？?]\s*", after):
        return "next", "called"
    return "other", "other"
