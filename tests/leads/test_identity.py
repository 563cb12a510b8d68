"""Who is who: one partition whatever the order, nobody merged by a guess, and no lead called null."""

from __future__ import annotations

import random
from itertools import combinations

import pytest

from repurpose.leads.identity import Fact, Key, Partition, partition, read_key
from repurpose.models.browsers import (
    BEFORE_MS,
    DAY_MS,
    FOREVER,
    LOOK_BACK_MS,
    SITTING_MS,
    Stretch,
    crowded,
    stretches,
    whose,
)

A, B = Key("email", "a@x.com"), Key("email", "b@x.com")
T = 1_790_000_000_000


def fact(at: int, *keys: Key, strong: bool = False) -> Fact:
    return Fact(f"{at}{sorted(keys)}", at, keys, "strong" if strong else "medium")


def leads(*facts: Fact) -> set[frozenset[Key]]:
    return {frozenset(keys) for keys in partition(facts).leads}


def some_facts(rng: random.Random) -> list[Fact]:
    found = []
    for number in range(rng.randint(2, 14)):
        keys = [Key(kind, str(rng.randint(0, many))) for kind, many, likely in
                (("email", 4, 0.7), ("phone", 2, 0.3), ("crm", 3, 0.4), ("wecom", 3, 0.2)) if rng.random() < likely]  # fmt: skip
        found.append(Fact(f"f{number}", rng.randint(0, 6), tuple(keys), rng.choice(["strong", "medium"])))
    return found


def compared(found: Partition) -> tuple[frozenset[frozenset[Key]], frozenset[object]]:
    return frozenset(map(frozenset, found.leads)), frozenset(found.questions)


@pytest.mark.parametrize("many, orders", [(60, 5), pytest.param(1000, 20, marks=pytest.mark.slow)])
def test_the_order_in_which_facts_are_heard_of_does_not_matter(many: int, orders: int) -> None:
    rng = random.Random(20261122)
    for _ in range(many):
        facts = some_facts(rng)
        first = compared(partition(facts))
        for _ in range(orders):
            rng.shuffle(facts)
            assert compared(partition(facts)) == first
        for keys in first[0]:  # of the kinds that are one's own nobody has two
            own = [key.kind for key in keys if key.kind in ("crm", "wecom")]
            assert len(own) == len(set(own))


def test_two_addresses_are_one_person_only_where_a_strong_id_says_so() -> None:
    seven = Key("crm", "7")
    assert leads(fact(1, A), fact(2, B)) == {frozenset({A}), frozenset({B})}
    assert leads(fact(1, seven, A, strong=True), fact(2, seven, B, strong=True)) == {frozenset({seven, A, B})}
    assert leads(fact(1, seven, A), fact(2, seven, B)) == {frozenset({A}), frozenset({B})}  # anybody can write a 7


def test_two_known_leads_are_never_merged_but_asked_about() -> None:
    seven = Key("crm", "7")
    found = partition([fact(1, A), fact(2, B), fact(3, seven, A, strong=True), fact(4, seven, B, strong=True)])
    assert {frozenset(keys) for keys in found.leads} == {frozenset({A, seven}), frozenset({B})}
    assert [(one.one, one.other, one.key) for one in found.questions] == [(0, 1, B)]


def test_another_id_of_ones_own_makes_another_lead() -> None:
    seven, eight = Key("crm", "7"), Key("crm", "8")
    found = partition([fact(1, seven, A, strong=True), fact(2, eight, A, strong=True)])
    assert {frozenset(keys) for keys in found.leads} == {frozenset({A, seven}), frozenset({eight})}
    assert len(found.questions) == 1
    sap = Key("crm:sap", "8")
    assert leads(fact(1, seven, A, strong=True), fact(2, sap, A, strong=True)) == {frozenset({A, seven, sap})}


def test_a_phone_number_brings_nobody_together() -> None:
    phone = Key("phone", "+862112345678")
    found = partition([fact(1, A, phone), fact(2, B, phone)])
    assert {frozenset(keys) for keys in found.leads} == {frozenset({A, phone}), frozenset({B})}
    assert len(found.questions) == 1
    people = [Key("email", f"{name}@x.com") for name in "abcdefgh"]
    switchboard = partition([fact(at, who, phone) for at, who in enumerate(people)])
    assert len(switchboard.leads) == 8 and switchboard.questions == []


@pytest.mark.parametrize(
    "text",
    ["anonymous", "Anonymous", "guest", "null", '"null"', "'undefined'", "0", "00", "-1", "NaN", "[object Object]", "{}", " ",
     "none", "N/A", "00000000-0000-0000-0000-000000000000", "undefined@undefined", "null@example.com", "无", "a\0b"],
)  # fmt: skip
@pytest.mark.parametrize("kind", ["crm", "wecom", "email", "phone"])
def test_what_names_nobody_is_no_identifier(kind: str, text: str) -> None:
    if kind == "email" or "@" not in text:
        assert read_key(kind, text) is None


def test_spellings_of_one_identifier() -> None:
    for text in (
        "Anna@Müller.DE",
        " anna@xn--mller-kva.de ",
        "mailto:ANNA@müller.de",
        '"anna@müller.de"',
        "anna@müller.de.",
    ):
        assert read_key("email", text) == Key("email", "anna@xn--mller-kva.de")
    assert read_key("email", "an.na+x@x.com") == Key("email", "an.na+x@x.com")  # dots and plus are another's mailbox
    for text in ("138 0013 8000", "+86 138-0013-8000", "0086 13800138000", "１３８００１３８０００"):
        assert read_key("phone", text) == Key("phone", "+8613800138000")
    assert read_key("crm:hubspot", "0042") == Key("crm:hubspot", "0042") and read_key("ip", "10.0.0.1") is None


def test_a_browser_is_the_leads_from_thirty_days_before() -> None:
    assert stretches([(T, "anna")]) == [Stretch("anna", T - LOOK_BACK_MS, FOREVER)]
    assert stretches([(T + 5, "anna"), (T, "anna")]) == stretches([(T, "anna")])


def test_a_shared_laptop_is_nobodys_once_two_have_used_it() -> None:
    found = stretches([(T, "anna"), (T + DAY_MS, "ben"), (T + 2 * DAY_MS, "anna")])
    assert found == [
        Stretch("anna", T - LOOK_BACK_MS, T + DAY_MS - BEFORE_MS),
        Stretch("ben", T + DAY_MS - BEFORE_MS, T + DAY_MS + SITTING_MS),
        Stretch("anna", T + 2 * DAY_MS - BEFORE_MS, T + 2 * DAY_MS + SITTING_MS),
    ]
    assert whose(found, T) == "anna" and whose(found, T + DAY_MS) == "ben"
    assert whose(found, T + DAY_MS + SITTING_MS) is None and whose(found, T + 3 * DAY_MS) is None
    assert whose(found, T - LOOK_BACK_MS - 1) is None
    soon = stretches([(T, "anna"), (T + BEFORE_MS, "ben")])  # anna may still be watching
    assert [one[1:] for one in soon] == [(T - LOOK_BACK_MS, T + BEFORE_MS), (T + BEFORE_MS, T + BEFORE_MS + SITTING_MS)]


def test_a_kiosk_is_nobodys() -> None:
    people = [(T + minute * 60_000, f"p{minute}") for minute in range(6)]
    assert stretches(people[:5]) and stretches(people) == []
    assert stretches([(T + day * DAY_MS, f"p{day}") for day in range(6)])  # over a week it is a meeting room
    assert crowded([(T + k, str(k)) for k in range(21)], 20) == {str(k) for k in range(21)}
    assert crowded([(T + k, str(k)) for k in range(20)], 20) == set()


def test_stretches_never_overlap_and_do_not_depend_on_the_order() -> None:
    rng = random.Random(3)
    for _ in range(200):
        said = [(T + rng.randint(0, 20) * 3_600_000, rng.choice("abc")) for _ in range(rng.randint(1, 8))]
        found = stretches(said)
        assert all(one.end <= other.start for one, other in combinations(found, 2))
        rng.shuffle(said)
        assert stretches(said) == found
