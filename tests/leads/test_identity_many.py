"""Many people at once: two thousand who share browsers, and fifty hands that merge at the same moment."""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from repurpose.db import leads as rows
from repurpose.db.session import Database, open_database
from repurpose.errors import UserError
from repurpose.leads.identity import Fact, Key, partition
from repurpose.leads.known import Sighting, identify, merge
from repurpose.leads.vault import Vault, vault_of
from repurpose.models.base import DAY_MS
from repurpose.models.browsers import MOST_BROWSERS, crowded, stretches, whose
from repurpose.settings import Settings
from tests.databases import BOTH, ready_database

T = 1_790_000_000_000
PEOPLE = 2000


@dataclass
class World:
    """What was said by whom in which browser, and what each watched there without saying so."""

    facts: list[tuple[Fact, str, int]] = field(default_factory=list)  # with the browser and the person
    watched: list[tuple[str, int, int]] = field(default_factory=list)  # browser, when, person


def world(seed: int) -> World:
    """People with one to three browsers of their own; one in ten of them also uses somebody else's."""
    rng, made = random.Random(seed), World()
    own = {person: [f"v{person}-{k}" for k in range(rng.choice((1, 1, 2, 3)))] for person in range(PEOPLE)}
    uses = {person: list(browsers) for person, browsers in own.items()}
    for person in rng.sample(range(PEOPLE), PEOPLE // 10):
        uses[person].append(rng.choice(own[rng.randrange(PEOPLE)]))
    for person, browsers in uses.items():
        mails = [Key("email", f"{person}@{k}.example") for k in range(1 if rng.random() < 0.8 else 2)]
        phone = Key("phone", f"+8613{person:09}" if rng.random() < 0.9 else "+862112345678")
        crm = Key("crm", str(person))
        for browser in browsers:
            says = T + rng.randint(0, 25 * DAY_MS)
            keys = (rng.choice(mails), *((phone,) if rng.random() < 0.4 else ()))
            made.facts.append((Fact(f"f{len(made.facts)}", says, keys), browser, person))
            for _ in range(rng.randint(1, 4)):
                back = DAY_MS // 24 if rng.random() < 0.5 else 20 * DAY_MS  # in the hour before, or some day before
                made.watched.append((browser, says + rng.randint(-back, DAY_MS // 12), person))
        if rng.random() < 0.5:
            keys = (crm, *mails)
            made.facts.append(
                (Fact(f"f{len(made.facts)}", T + rng.randint(-DAY_MS, 30 * DAY_MS), keys, "strong"), "", person)
            )
    rng.shuffle(made.facts)
    return made


@pytest.mark.slow
@pytest.mark.parametrize("seed", [1, *(pytest.param(seed, marks=pytest.mark.slow) for seed in range(2, 12))])
def test_two_thousand_people_none_merged_wrongly_and_their_views_found(seed: int) -> None:
    made = world(seed)
    found = partition([fact for fact, _, _ in made.facts])
    belongs: dict[Key, set[int]] = defaultdict(set)
    for fact, _, person in made.facts:
        for key in fact.keys:
            belongs[key].add(person)
    for keys in found.leads:  # nobody's address or id stands with another's
        named = [belongs[key] for key in keys if key.kind != "phone"]
        assert len(set().union(*named)) <= 1, keys
    browsers: dict[int, list[tuple[int, str]]] = defaultdict(list)
    said: dict[str, list[tuple[int, str]]] = defaultdict(list)
    who = {found.about[fact.id]: person for fact, _, person in made.facts}
    for fact, browser, _ in made.facts:
        if browser:
            lead = found.about[fact.id]
            browsers[lead].append((fact.at, browser))
            said[browser].append((fact.at, str(lead)))
    crowd = {lead: crowded(seen, MOST_BROWSERS) for lead, seen in browsers.items()}
    turns = {browser: stretches(seen) for browser, seen in said.items()}
    right = wrong = 0
    for browser, at, person in made.watched:
        lead = whose(turns[browser], at)
        if lead is not None and browser not in crowd[int(lead)]:
            right += who[int(lead)] == person
            wrong += who[int(lead)] != person
    total = len(made.watched)
    print(f"{total} watched, {right} found, {wrong} another's")
    assert right >= 0.95 * total, f"{right} of {total} found"
    assert wrong <= 0.04 * total, f"{wrong} of {total} are another's"  # watched before a second one said who they are


@pytest.fixture(params=BOTH)
def at(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[tuple[Database, Vault]]:
    settings = Settings(home=tmp_path, database=ready_database(request.param, tmp_path))
    engine = open_database(settings.database)
    yield engine, vault_of(engine, settings)
    engine.dispose()


@pytest.mark.slow
def test_fifty_merge_two_hundred_at_once(at: tuple[Database, Vault]) -> None:
    engine, vault = at
    made = identify(engine, vault, [Sighting("csv", (("email", f"p{n}@x.com"),), at=T + n) for n in range(200)])
    ids = [one.lead or "" for one in made]

    def work(seed: int) -> int:
        rng, done = random.Random(seed), 0
        for _ in range(8):
            try:
                merge(engine, *rng.sample(ids, 2), f"us_{seed}", "at once")
                done += 1
            except UserError:  # they are one already
                continue
        return done

    with ThreadPoolExecutor(50) as pool:
        merges = sum(pool.map(work, range(50)))
    left = rows.listed(engine, limit=500)
    assert len(left) == 200 - merges
    assert sorted(member for row in left for member in row.members) == sorted(ids)  # nobody lost, nobody twice
