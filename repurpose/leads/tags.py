"""What a lead is tagged with, each tag with what it rests on: topics and terms watched, the stage, the channel. Pure.

Nothing is kept: tags are made of what was watched in sight and of the rules as they are, so they are the same whenever and
in whatever order they are made.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from repurpose.leads.attribution import Touch
from repurpose.leads.stages import Step
from repurpose.models.published import Release
from repurpose.models.seconds import covered, mask
from repurpose.presets import SegmentsPreset


@dataclass(frozen=True)
class Tag:
    """What a lead is, and why."""

    kind: Literal["topic", "term", "stage", "channel"]
    value: str
    event: str = ""  # where it was watched; topic, term and channel
    seen: int = 0  # seconds of it that were watched; topic and term
    of: int = 0  # seconds it has
    since: int = 0  # ms since 1970: on this stage; came by this channel


@dataclass(frozen=True)
class Topic:
    """What a recording speaks of, and in which of its seconds, as bits."""

    kind: Literal["topic", "term"]
    value: str
    bits: int


def topics_of(release: Release) -> list[Topic]:
    """Every chapter by its title, every term of the event by the sentences that say it, and the event's own topics."""
    found = [
        Topic("topic", one.title, mask(*covered(one.start, one.end))) for one in release.chapters.items if one.title
    ]
    whole = mask(*covered(0, release.package.recording.duration))
    found += [Topic("topic", one, whole) for one in release.site.topics]
    said = [(one.text.casefold(), mask(*covered(one.start, one.end))) for one in release.spoken.sentences]
    for term in release.package.event.terms:
        bits = 0
        for text, seconds in said:
            if term.casefold() in text:
                bits |= seconds
        if bits:
            found.append(Topic("term", term, bits))
    return found


def tags(
    seen: Mapping[str, int],
    topics: Mapping[str, Sequence[Topic]],
    touches: Iterable[tuple[str, Touch]],
    steps: Sequence[Step],
    rules: SegmentsPreset,
) -> list[Tag]:
    """Topics and terms by how much of them was watched, then the stage, then the channel of the first view.

    `seen` and `topics` by event. What several events speak of counts where most of it was watched.
    """
    best: dict[tuple[str, str], Tag] = {}
    for event in sorted(seen):
        for topic in topics.get(event, ()):
            count, of = (topic.bits & seen[event]).bit_count(), topic.bits.bit_count()
            if count >= max(rules.share * of, min(rules.seconds, of), 1):
                before = best.get((topic.kind, topic.value))
                if before is None or before.seen < count:
                    best[topic.kind, topic.value] = Tag(topic.kind, topic.value, event, count, of)
    made = sorted(best.values(), key=lambda one: (-one.seen, one.kind, one.value))
    if steps:
        made.append(Tag("stage", steps[-1].stage, since=steps[-1].at))
    first = min(((touch.at, event, touch.channel) for event, touch in touches if touch.channel), default=None)
    if first is not None:
        made.append(Tag("channel", first[2], first[1], since=first[0]))
    return made
