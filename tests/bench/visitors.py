"""An audience made by chance: who comes which way, plays what, and when. Data only, the same for the same seed."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass, field

Span = tuple[int, int]
HOUR = 3_600_000
DAY = 24 * HOUR
LONGEST = 10_000  # ms of one stretch, as the beacon sends them
PEOPLE = ("whole", "hot", "hot", "hot", "skim", "skim", "short")  # of those who watch, by chance
BROWSER = (
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/{n}.0.{m}.0 Safari/537.36"
)
GATEWAYS = ("Mozilla/5.0 (compatible; Microsoft SafeLinks)", "Mimecast-TTP", "Barracuda Sentinel (EE)")


@dataclass(frozen=True)
class Film:
    """A version: its length and what of the recording it shows, ms; `replay` is the recording itself."""

    asset: str
    path: str
    cut: str
    length: int
    intro: int
    spans: tuple[Span, ...]


@dataclass(frozen=True)
class Stretch:
    """Film time [a, b) that was played at `at` (ms since 1970), in the player's page number `page`."""

    at: int
    film: Film
    a: int
    b: int
    page: int


@dataclass
class Visitor:
    """One who comes: how, and what they do there."""

    number: int
    kind: str  # whole hot skim short returns link scans robot
    agent: str
    email: str = ""  # of who they are, when they say so or came by their own link
    by: str = "site"  # site, channel, personal
    consents: bool = False
    form: bool = False
    pressed: int | None = None
    played: list[Stretch] = field(default_factory=list)

    @property
    def joined(self) -> bool:
        """Does what they watch belong to a lead?"""
        return self.form and self.consents


def audience(
    count: int, registrants: Sequence[str], films: Sequence[Film], hot: Span, now: int, seed: int
) -> list[Visitor]:
    """So many visitors until `now`, ms since 1970; `hot` is what many watch again, ms of the recording."""
    chance = random.Random(seed)
    emails = iter(chance.sample(list(registrants), len(registrants)))
    returning, scanning, robots, linked = (max(1, count // part) for part in (30, 12, 40, 12))
    kinds = ["returns"] * returning + ["scans"] * scanning + ["robot"] * robots + ["link"] * linked
    kinds += [PEOPLE[k % len(PEOPLE)] for k in range(count - len(kinds))]
    made = []
    for number, kind in enumerate(kinds):
        agent = BROWSER.format(n=100 + number % 30, m=1000 + number)
        one = Visitor(number, kind, agent if kind != "robot" else "curl/8.5.0")
        one.by = "personal" if kind in ("link", "scans") else chance.choice(["site", "site", "channel"])
        one.consents = kind in ("returns", "link") or (kind not in ("scans", "robot") and chance.random() < 0.6)
        one.form = kind == "returns" or (kind in PEOPLE and chance.random() < (0.6 if one.consents else 0.2))
        if kind == "scans" and number % 2:
            one.agent = GATEWAYS[number % len(GATEWAYS)]
        if one.form or one.by == "personal":
            new = f"new{number}@example.com"
            one.email = next(emails, new) if one.by == "personal" or chance.random() < 0.9 else new
        if kind in PEOPLE and chance.random() < 0.3:
            one.pressed = chance.randrange(4)
        one.played = _played(one, films, hot, now, chance)
        made.append(one)
    return made


def _played(one: Visitor, films: Sequence[Film], hot: Span, now: int, chance: random.Random) -> list[Stretch]:
    replay = next(film for film in films if film.cut == "replay")
    others = [film for film in films if film.cut != "replay"]
    whole = [(0, replay.length)]
    again = [hot] * 3
    if one.kind == "scans":
        return []
    if one.kind == "returns":
        first = _in_turn(replay, whole, now - 2 * DAY, 0, chance)
        other = max(others, key=lambda film: film.length)
        return first + _in_turn(other, [(0, other.length)], now - 30_000 - other.length, 1, chance)
    if one.kind == "whole":
        return _in_turn(replay, whole, now - replay.length - chance.randrange(60_000, 2 * HOUR), 0, chance)
    if one.kind == "short":
        film = chance.choice([one for one in others if one.length <= 90_000])
        return _in_turn(film, [(0, film.length)], now - film.length - chance.randrange(60_000, 2 * HOUR), 0, chance)
    pieces = again if one.kind in ("hot", "link") else []
    for _ in range(1 if pieces else 4):
        start = chance.randrange(max(1, replay.length - 25_000))
        pieces = [*pieces, (start, min(replay.length, start + chance.randrange(4000, 25_000)))]
    wide = sum(b - a for a, b in pieces)
    return _in_turn(replay, pieces, now - wide - chance.randrange(60_000, 2 * HOUR), 0, chance)


def _in_turn(film: Film, pieces: Sequence[Span], began: int, page: int, chance: random.Random) -> list[Stretch]:
    """One piece after the other, in stretches as a beacon would send them."""
    made, at = [], began
    for a, b in pieces:
        while a < b:
            upto = min(b, a + chance.randrange(4000, LONGEST))
            made.append(Stretch(at, film, a, upto, page))
            at += upto - a
            a = upto
    return made
