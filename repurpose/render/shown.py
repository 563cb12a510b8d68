"""What a film shows of a take, on the film's clock: its scenes, and who is named when. Pure."""

from __future__ import annotations

from collections.abc import Sequence

from repurpose.models import EditDecisionList, Event, Layout, Scene, Sentence, Span
from repurpose.render.plates import NamePlate


def scenes_shown(layout: Layout, edl: EditDecisionList, shown: EditDecisionList) -> tuple[Scene, ...]:
    """The layout's scenes on the drawn file's clock. `shown` is `edl` with its edges on frames. Pure."""
    found = []
    begins = shown.intro
    kept = [span for span in edl.spans if any(_near(span, other) for other in shown.spans)]
    for span, cut in zip(kept, shown.spans, strict=True):
        inside = [scene for scene in layout.scenes if span.start <= scene.start < span.end]
        edges = [cut.start, *(min(max(scene.start, cut.start), cut.end) for scene in inside[1:]), cut.end]
        for scene, start, end in zip(inside, edges, edges[1:], strict=False):
            if start < end:
                moved = {"start": begins + start - cut.start, "end": begins + end - cut.start}
                found.append(scene.model_copy(update=moved))
        begins += cut.length
    return tuple(found)


def _near(span: Span, other: Span) -> bool:
    return span.overlap(other) * 2 > other.length


def names_shown(sentences: Sequence[Sentence], event: Event) -> list[NamePlate]:
    """A plate for each of the event's speakers when they are first heard. `sentences` are on the file's clock. Pure."""
    known = {speaker.name: speaker for speaker in event.speakers}
    plates: dict[str, NamePlate] = {}
    for sentence in sentences:
        speaker = known.get(sentence.speaker or "")
        if speaker is not None and speaker.name not in plates:
            title = " · ".join(filter(None, (speaker.company, speaker.title)))
            plates[speaker.name] = NamePlate(start=sentence.start, name=speaker.name, title=title)
    return list(plates.values())
