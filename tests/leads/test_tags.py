"""Tags with what they rest on, and segments: the same in any order, by rules that are read from one file."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from repurpose.errors import BadPreset
from repurpose.leads.attribution import Touch
from repurpose.leads.segments import About, segments
from repurpose.leads.stages import Step
from repurpose.leads.tags import Tag, Topic, tags
from repurpose.models.seconds import mask
from repurpose.presets import load_segments

RULES = load_segments()
TOPICS = {
    "ev_a": [Topic("topic", "为什么", mask(0, 60)), Topic("topic", "价格与报价", mask(60, 120)), Topic("term", "GEO", mask(70, 74))],
    "ev_b": [Topic("topic", "为什么", mask(0, 40)), Topic("topic", "Pricing", mask(40, 100))],
}  # fmt: skip
MAIL, SITE = ("ev_b", Touch(50, "as", "5min", "mail", "")), ("ev_a", Touch(90, "as", "replay", "site", ""))
STEPS = [Step(1, "lead"), Step(7, "mql")]


def test_what_was_watched_says_what_interests() -> None:
    seen = {"ev_a": mask(30, 95), "ev_b": mask(0, 35) | mask(40, 49)}
    made = tags(seen, TOPICS, [SITE, MAIL], STEPS, RULES)
    assert made == [
        Tag("topic", "为什么", "ev_b", 35, 40), Tag("topic", "价格与报价", "ev_a", 35, 60), Tag("term", "GEO", "ev_a", 4, 4),
        Tag("stage", "mql", since=7), Tag("channel", "mail", "ev_b", since=50),
    ]  # fmt: skip
    chance = random.Random(1)
    for _ in range(20):
        events, touches = list(seen.items()), [SITE, MAIL]
        chance.shuffle(events)
        chance.shuffle(touches)
        assert tags(dict(events), TOPICS, touches, STEPS, RULES) == made
    assert tags({"ev_a": mask(60, 69)}, TOPICS, [], STEPS[:1], RULES) == [Tag("stage", "lead", since=1)], "too little"
    assert tags({"ev_none": 7}, TOPICS, [], [], RULES) == []


def test_who_is_in_which_segment() -> None:
    priced = [Tag("topic", "价格与报价", "ev_a", 35, 60)]
    day = 86_400_000
    assert segments(About("mql", 70, priced, idle=1.0), RULES.segment) == ["hot", "pricing"]
    assert segments(About("mql", 70, idle=8 * day), RULES.segment) == ["hot", "cooling"]
    assert segments(About("sql", 70, contacted=True, idle=8 * day), RULES.segment) == []
    assert segments(About("lead", 5, registered=True, attended=True), RULES.segment) == ["no-replay"]
    assert segments(About("lead", 5, registered=True), RULES.segment) == ["missed"]
    priceless = [Tag("topic", "A priceless talk", "ev_a", 35, 60), Tag("channel", "price")]
    assert segments(About("lead", 5, priceless, idle=1.0), RULES.segment) == [], "words stand alone"


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ('[[segment]]\nname = "all"\n', "says nothing"),
        ('[[segment]]\nname = "a"\nwatched = true\n[[segment]]\nname = "a"\nstage = ["mql"]\n', "twice"),
        ('[[segment]]\nname = "a"\nstages = ["mql"]\n', "stage"),
        ("share = 2\n", "share"),
    ],
)
def test_a_rule_that_is_wrong_is_named(text: str, told: str, tmp_path: Path) -> None:
    (tmp_path / "segments.toml").write_text(text)
    with pytest.raises(BadPreset, match=told):
        load_segments(tmp_path)
