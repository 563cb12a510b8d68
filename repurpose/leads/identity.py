"""Who is who: from times that identifiers were said together to one partition of them into leads. Pure.

    partition([{crm 7, a@x}, {a@x, browser}, {b@x, browser}])  ->  two leads: {crm 7, a@x} and {b@x}

The facts are weighed in the order in which they happened, so the partition is the same in whatever order they are heard of:

- An identifier belongs to the lead it was first seen with. A fact is about the lead of its strongest identifier; a new one of
  a kind that is one's own (a CRM's id, WeCom's) joins the lead of the mail address beside it, unless that lead has another.
- A mail address alone makes a lead. A phone number never brings two addresses together: a company has one for many.
- What would make one of two leads that were known apart is a question for a person, and nothing is merged.

Browsers are no identifiers: `models.browsers` tells whose they were. An IP address is nothing at all.
"""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Literal, NamedTuple

Strength = Literal["strong", "medium"]
OWN = ("crm", "wecom", "unionid", "openid", "sso")  # one of each kind a lead; `crm:hubspot` and `crm:sap` are two kinds
KIND = re.compile(rf"(?:email|phone|(?:{'|'.join(OWN)})(?::[a-z0-9][a-z0-9._-]{{0,30}})?)")
NOBODY = frozenset((
    "anonymous", "anonymoususer", "guest", "user", "visitor", "unknown", "undefined", "null", "none", "nil", "nan", "na", "n/a", "#n/a", "true", "false", "test", "id", "email", "mail", "phone", "name", "-1", "(null)", "[null]", "[undefined]", "[objectobject]", "{}", "[]", "()", "?", "无", "暂无", "没有", "未知", "空", "匿名"
))  # fmt: skip
NO_MAILBOX = frozenset(("null", "undefined", "nan", "none", "anonymous", "unknown"))
MOST_SHARE = 5  # leads with one phone number: with more it is a switchboard's, and asks nothing
LONGEST = 254  # characters
_mail = re.compile(r"[^\s@<>\"',;()\[\]\\]{1,64}@[^\s@<>\"',;()\[\]\\/]{3,189}")
_EXTENSION = re.compile(r"(?:x|ext\.?|转|分机)\s*\d{1,6}$", re.IGNORECASE)


class Key(NamedTuple):
    """An identifier: its kind, and its value in the one form that all its spellings have, or a hash of that."""

    kind: str
    value: str


@dataclass(frozen=True)
class Fact:
    """One time these were said to be one person's."""

    id: str  # of its content: what happened at the same moment is weighed in the order of ids
    at: int
    keys: tuple[Key, ...]
    strength: Strength = "medium"


class Question(NamedTuple):
    """What says that two leads are one: the leads by their place in `Partition.leads`, and the key both would have."""

    one: int
    other: int
    key: Key
    fact: str


@dataclass
class Partition:
    """Leads, each by the keys it has; which fact is about which, and what a person should look at."""

    leads: list[set[Key]] = field(default_factory=list)
    home: dict[Key, int] = field(default_factory=dict)
    about: dict[str, int] = field(default_factory=dict)  # fact -> lead
    questions: list[Question] = field(default_factory=list)


def partition(facts: Iterable[Fact]) -> Partition:
    """The leads that these facts tell of, numbered in the order in which they were first heard of."""
    found = Partition()
    own: list[dict[str, Key]] = []  # of each lead: its key of each kind that it may have one of
    claims: dict[Key, set[int]] = defaultdict(set)
    for fact in sorted(facts, key=lambda one: (one.at, one.id)):
        keys = ranked(fact.keys, fact.strength)
        if not keys:
            continue
        lead = found.home.get(keys[0])
        if lead is None:
            lead = _beside(keys, found.home, own)
        if lead is None:
            lead = len(found.leads)
            found.leads.append(set())
            own.append({})
        found.about[fact.id] = lead
        for key in keys:
            claims[key].add(lead)
            home = found.home.get(key)
            held = own[lead].get(key.kind, key)
            if home is None and held == key:
                found.home[key] = lead
                found.leads[lead].add(key)
                if is_own(key.kind):
                    own[lead][key.kind] = key
            elif home is not None and home != lead:
                found.questions.append(Question(min(lead, home), max(lead, home), key, fact.id))
    found.questions = _worth_asking(found.questions, claims)
    return found


def ranked(keys: Iterable[Key], strength: Strength) -> list[Key]:
    """The keys that count, the strongest first. Only who proves it may claim a key of the kinds that are one's own."""
    counted = {key for key in keys if strength == "strong" or not is_own(key.kind)}
    return sorted(counted, key=lambda key: (_rank(key.kind), key))


def is_own(kind: str) -> bool:
    """May a lead have only one of this kind?"""
    return kind.partition(":")[0] in OWN


def read_key(kind: str, value: str) -> Key | None:
    """The identifier in the one form of all its spellings; None for what names nobody, such as `null` or `[object Object]`.

    Mail addresses are one when they differ in case or in how their host is written, and in nothing else.
    """
    text = unicodedata.normalize("NFKC", value).strip().strip("\"'`“”‘’").strip()
    if not KIND.fullmatch(kind) or not text or len(text) > LONGEST or not text.isprintable() or _is_nobody(text):
        return None
    if kind == "email":
        return _email(text)
    if kind == "phone":
        return _phone(text)
    return Key(kind, text)


def shown_email(value: str) -> str:
    """A mail address as its owner writes it: with the letters of its host, not their code."""
    import idna

    local, _, host = value.rpartition("@")
    try:
        return f"{local}@{idna.decode(host)}"
    except idna.IDNAError:
        return value


def _beside(keys: Sequence[Key], home: dict[Key, int], own: Sequence[dict[str, Key]]) -> int | None:
    """The lead that a new strongest key joins: of the next best key that can bring two together."""
    for key in keys[1:]:
        lead = home.get(key)
        if lead is None or key.kind == "phone":
            continue
        return lead if own[lead].get(keys[0].kind, keys[0]) == keys[0] and is_own(keys[0].kind) else None
    return None


def _worth_asking(questions: Sequence[Question], claims: dict[Key, set[int]]) -> list[Question]:
    seen: dict[tuple[int, int], Question] = {}
    for one in questions:
        if one.key.kind != "phone" or len(claims[one.key]) <= MOST_SHARE:
            seen.setdefault((one.one, one.other), one)
    return list(seen.values())


def _rank(kind: str) -> int:
    return {"email": 1, "phone": 2}.get(kind, 0)


def _is_nobody(text: str) -> bool:
    plain = re.sub(r"[\s\"'`]", "", text).casefold()
    return plain in NOBODY or not plain.strip("0-.:_/*")


def _email(text: str) -> Key | None:
    text = text.removeprefix("mailto:")
    if not _mail.fullmatch(text):
        return None
    local, _, host = text.rpartition("@")
    import idna

    try:
        plain = idna.encode(host.rstrip("."), uts46=True).decode().lower()
    except idna.IDNAError:
        return None
    if "." not in plain or local.casefold() in NO_MAILBOX:
        return None
    return Key("email", f"{local.lower()}@{plain}")


def _phone(text: str) -> Key | None:
    text = _EXTENSION.sub("", text).strip()
    if re.search(r"[^\d+\s().\-/]", text):
        return None
    digits = re.sub(r"\D", "", text)
    if text.startswith("+") or digits.startswith("00"):
        digits = "+" + digits.lstrip("0")
    elif re.fullmatch(r"1[3-9]\d{9}", digits):
        digits = f"+86{digits}"  # a mobile number of the mainland, written at home
    if not 7 <= len(digits.lstrip("+")) <= 15 or len(set(digits.lstrip("+"))) < 3:
        return None
    return Key("phone", digits)


def keys_of(given: Iterable[tuple[str, str]]) -> tuple[list[Key], list[str]]:
    """The identifiers among (kind, value), and the kinds of those that name nobody. What is empty is left out."""
    keys: list[Key] = []
    refused: list[str] = []
    for kind, value in given:
        key = read_key(kind, value) if value.strip() else None
        if key is not None and key not in keys:
            keys.append(key)
        elif key is None and value.strip():
            refused.append(kind)
    return keys, refused
