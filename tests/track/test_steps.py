"""Each check by an event that fails it and no other; players that claim more than their time; bodies that are none."""

from __future__ import annotations

import json
import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from repurpose.models.film import film
from repurpose.track.arrived import BODY, Event, read_batch
from repurpose.track.bots import is_bot
from repurpose.track.fold import RECEIVED, Arrival, Session, Visitor, arrive, fold
from repurpose.track.steps import CHECKS, Fate, fates_of
from tests.track.made import AGENT, EVENT, NOW, batch, came, psid_of, seg

GOOD = seg(1, 1000, 9000, 500)
HOUR = 3600


@pytest.mark.parametrize(
    ("fate", "event", "about", "sent"),
    [
        ("accepted", GOOD, {}, 9000),
        ("accepted", seg(1, 0, 20_000, 500, rate=200), {}, 10_600),
        ("accepted", seg(1, 50_000, 60_400, 0), {}, 10_400),  # a frame beyond its end
        ("expired_token", GOOD, {"token": None, "film": None}, 9000),
        ("no_consent", GOOD, {"named": True}, 9000),
        ("bot", GOOD, {"who": "bot"}, 9000),
        ("staff", GOOD, {"who": "staff"}, 9000),
        ("late", GOOD, {"age_s": 8 * 24 * HOUR}, 7 * 24 * HOUR * 1000 + 600),
        ("implausible", GOOD, {"age_s": 0}, 60_000),  # the page was made later than the player began
        ("implausible", seg(1, 0, 9000, 8000), {}, 9000),  # ends after it was sent
        ("implausible", seg(1, 0, 9000, 0, w=2000), {}, 9000),  # faster than it was played
        ("implausible", seg(1, 0, 9000, 0, w=9000, rate=900), {}, 9000),
        ("implausible", seg(1, 59_000, 61_000, 0), {}, 9000),
        ("implausible", Event(1, "seg", 5000, 5000, 100, 1, 0, 0), {}, 9000),
        ("implausible", seg(1, 0, 1000, 0, w=190_000), {}, 190_000),
    ],
)
def test_fates(fate: Fate, event: Event, about: dict[str, object], sent: int) -> None:
    assert fates_of(batch([event], sent=sent), came(**about)) == (fate,)  # type: ignore[arg-type]


def test_every_check_has_a_case() -> None:
    marks = [mark for mark in test_fates.pytestmark if mark.name == "parametrize"]  # type: ignore[attr-defined]
    assert {check.fate for check in CHECKS} < {case[0] for case in marks[0].args[1]}


def test_a_thousand_players_faster_than_time_count_nothing() -> None:
    chance = random.Random(1)
    known: dict[str, Session] = {}
    visitors: dict[tuple[str, str], Visitor] = {}
    counted, flagged = 0, 0
    for _ in range(1000):
        psid, style, events = psid_of(chance), chance.randrange(3), []
        for n in range(6):  # a minute, claimed in one second
            a = n * 10_000
            if style == 0:  # honest about the length, sent at once
                events.append(seg(n, a, a + 10_000, a))
            elif style == 1:  # as if each took no time
                events.append(seg(n, a, a + 10_000, n, w=1))
            else:  # all at the same time
                events.append(seg(n, a, a + 10_000, 60_000, w=10_000))
        one = batch(events, psid=psid, sent={0: 60_000, 1: 1000, 2: 1000}[style])
        arrival = arrive(one, came(age_s=1))
        made = fold([arrival], known, visitors, set()) if isinstance(arrival, Arrival) else None
        for row in made.rows if made else ():
            counted, flagged = counted + (row.fate == "accepted"), flagged + (row.fate == "implausible")
    assert (counted, flagged) == (0, 6000) and not visitors and all(one.seconds == 0 for one in known.values())


def test_small_lies_add_up_to_no_more_than_the_time_there_was() -> None:
    events = [seg(n, n * 600 % 58_000, n * 600 % 58_000 + 1490, 1000, w=0) for n in range(100)]
    known: dict[str, Session] = {}
    arrival = arrive(batch(events, sent=2000), came())
    assert isinstance(arrival, Arrival)
    fold([arrival], known, {}, set())
    assert known["p" * 22].watch_ms <= 8000


def test_another_players_id_adds_nothing_to_another_film() -> None:
    known: dict[str, Session] = {}
    first = arrive(batch([GOOD]), came())
    assert isinstance(first, Arrival)
    fold([first], known, {}, set())
    other = film("as_" + "b" * 20, EVENT, 60_000, [(0, 60_000)], 0)
    second = arrive(batch([seg(2, 1000, 9000, 9000)]), came(other))
    assert isinstance(second, Arrival)
    made = fold([second], known, {}, set())
    assert [row.fate for row in made.rows] == ["implausible"] and not made.heat


WHOLE = {
    "v": 1,
    "ctx": "t",
    "psid": "p" * 22,
    "as": "as_" + "a" * 20,
    "sent_dt": 5,
    "ev": [{"n": 1, "k": "load", "dt": 0}],
}


@pytest.mark.parametrize(
    "changed",
    [
        {"v": 2}, {"ctx": 3}, {"psid": "short"}, {"psid": None}, {"as": "x"}, {"sent_dt": -1}, {"sent_dt": True},
        {"sent_dt": 1 << 40}, {"sent_dt": float("nan")}, {"sent_dt": float("inf")}, {"ev": []}, {"ev": {}}, {"ev": [1] * 101}, {"vid": 7},
        {"vid": "x"},
    ],
)  # fmt: skip
def test_what_is_no_batch(changed: dict[str, object]) -> None:
    assert read_batch(json.dumps(WHOLE).encode()) is not None
    assert read_batch(json.dumps(WHOLE | changed).encode()) is None


@pytest.mark.parametrize(
    "event",
    [
        None, [], {}, {"n": 1, "k": "seg"}, {"n": -1, "k": "load", "dt": 0}, {"n": 1.5, "k": "load", "dt": 0}, {"n": 1, "k": "x", "dt": 0},
        {"n": 1, "k": ["load"], "dt": 0}, {"n": 1, "k": "seg", "dt": 0, "a": "1"}, {"n": 1, "k": "seg", "dt": 0, "r": "1"},
        {"n": 1, "k": "seg", "dt": 0, "r": float("nan")}, {"n": 1 << 31, "k": "load", "dt": 0},
    ],
)  # fmt: skip
def test_an_event_that_is_none_is_counted_as_malformed(event: object) -> None:
    found = read_batch(json.dumps(WHOLE | {"ev": [event, {"n": 2, "k": "load", "dt": 0}]}).encode())
    assert found is not None and found.malformed == 1 and len(found.events) == 1
    arrival = arrive(found, came())
    assert isinstance(arrival, Arrival)
    counts = fold([arrival], {}, {}, set()).counts
    assert {fate: count for (_, _, fate), count in counts.items()} == {"malformed": 1, "accepted": 1, RECEIVED: 2}


JSONISH = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=30) | st.sampled_from(["seg", "p" * 22, 1, 0]),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.sampled_from([*WHOLE, "n", "k", "a", "b", "dt", "w", "r", "l", "vid"]), inner, max_size=8),
    max_leaves=20,
)  # fmt: skip


@given(st.binary(max_size=300) | JSONISH.map(lambda value: json.dumps(value).encode()))
def test_any_body_is_read_or_refused(body: bytes) -> None:
    read_batch(body)


@pytest.mark.slow
@given(st.fixed_dictionaries(dict.fromkeys(("n", "k", "a", "b", "dt", "w", "r", "m", "vis"), JSONISH)))
def test_any_event_is_judged(event: dict[str, object]) -> None:
    found = read_batch(json.dumps(WHOLE | {"ev": [event]}).encode())
    assert found is not None
    arrive(found, came())


def test_a_batch_is_small() -> None:
    long = WHOLE | {
        "ev": [
            {
                "n": 2**30 + n,
                "k": "seg",
                "a": 10**9,
                "b": 10**9 + 9999,
                "r": 1.25,
                "m": 0,
                "dt": 10**9,
                "w": 9999,
                "vis": 1,
            }
            for n in range(100)
        ]
    }
    assert len(json.dumps(long | {"ctx": "t" * 400})) < BODY


def test_programs_are_told_from_browsers() -> None:
    people = [
        AGENT, "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Mobile/15E148 MicroMessenger/8.0.50",
        "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.5 Safari/605.1.15",
        "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:128.0) Gecko/20100101 Firefox/128.0",
        "Mozilla/5.0 (Linux; Android 14; V2301A) AppleWebKit/537.36 (KHTML, like Gecko) Version/4.0 Chrome/123.0 Mobile Safari/537.36 DingTalk/7.6",
    ]  # fmt: skip
    programs = [
        "", "curl/8.5.0", "python-requests/2.32", AGENT.replace("Chrome/", "HeadlessChrome/"), "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)",
        "Mozilla/5.0 (compatible; GPTBot/1.1)", "facebookexternalhit/1.1", "Mozilla/5.0 AppleWebKit/537.36 (compatible; bingpreview/1.0b)", "WhatsApp/2.23",
        "Mozilla/5.0 (compatible; Baiduspider/2.0; +http://www.baidu.com/search/spider.html)", "Slackbot-LinkExpanding 1.0 (+https://api.slack.com/robots)",
    ]  # fmt: skip
    assert [who for who in people if is_bot({"user-agent": who})] == []
    assert [who for who in programs if not is_bot({"user-agent": who})] == []
    assert is_bot({"user-agent": AGENT, "sec-purpose": "prefetch;prerender"})


def test_time_is_counted_back_from_now() -> None:
    arrival = arrive(batch([GOOD], sent=60_000), came())
    assert isinstance(arrival, Arrival)
    (row,) = fold([arrival], {}, {}, set()).rows
    assert row.at == NOW - 59_500 and row.came == NOW
