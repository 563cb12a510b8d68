"""Who is in which segment, by the rules of presets/segments.toml. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from repurpose.leads.score import says
from repurpose.leads.tags import Tag
from repurpose.presets import SegmentRule


@dataclass(frozen=True)
class About:
    """What a segment may ask of a lead."""

    stage: str
    score: float
    tags: Sequence[Tag] = ()
    registered: bool = False
    attended: bool = False
    contacted: bool = False  # the CRM said anything of them
    idle: float | None = None  # ms since the last view; None: none yet


def segments(about: About, rules: Sequence[SegmentRule]) -> list[str]:
    """The names of the segments that take this lead in, in the order of their file."""
    return [rule.name for rule in rules if fits(about, rule)]


def fits(about: About, rule: SegmentRule) -> bool:
    """Does everything the rule says hold?"""
    topics = [one.value for one in about.tags if one.kind in ("topic", "term")]
    came = {one.value for one in about.tags if one.kind == "channel"}
    asked = (
        (rule.registered, about.registered), (rule.attended, about.attended), (rule.contacted, about.contacted),
        (rule.watched, about.idle is not None),
    )  # fmt: skip
    return (
        (not rule.stage or about.stage in rule.stage)
        and (rule.score is None or about.score >= rule.score)
        and (not rule.topic or any(says(topic, word) for topic in topics for word in rule.topic))
        and (not rule.channel or not came.isdisjoint(rule.channel))
        and all(wanted is None or wanted == there for wanted, there in asked)
        and (rule.idle is None or (about.idle is not None and about.idle >= rule.idle))
    )
