"""What a film shows of a take, on the film's clock: its scenes, and who is named when. Pure."""

from __future__ import annotations

from collections.abc import Sequence

from repurpose.models import Box, EditDecisionList, Event, Faces, Layout, Ms, Scene, Sentence, Span, view_at
from repurpose.render.places import Taken
from repurpose.render.plates import NamePlate

_LOOK: Ms = 500  # how long a face counts as being where it was seen
_HEAD = 0.05  # of a found face, all around


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


def faces_shown(faces: Faces, scenes: Sequence[Scene], edl: EditDecisionList) -> list[Taken]:
    """Where in the drawn picture heads are, and when, on the film's clock. Pure."""
    found: list[Taken] = []
    for look in faces.looks:
        at = edl.to_output(look.at)
        scene = next((one for one in scenes if at is not None and one.start <= at < one.end), None)
        if at is None or scene is None:
            continue
        for panel in scene.panels:
            crop = view_at(panel.views, look.at)
            scale = panel.width / crop.width
            for face in look.faces:
                x, y, wide, high = face.box.x, face.box.y, face.box.width, face.box.height
                inside = (
                    crop.x <= x + wide / 2 <= crop.x + crop.width and crop.y <= y + high / 2 <= crop.y + crop.height
                )
                if panel.shows == "slide" or not inside:
                    continue
                head = Box(
                    x=panel.x + (x - _HEAD * wide - crop.x) * scale, y=panel.y + (y - _HEAD * high - crop.y) * scale,
                    width=(1 + 2 * _HEAD) * wide * scale, height=(1 + 2 * _HEAD) * high * scale,
                )  # fmt: skip
                found.append((max(0, at - _LOOK), at + _LOOK, head))
    return found


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
