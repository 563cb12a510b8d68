"""EDL <-> OpenTimelineIO, the file that editing programs open: one picture track, one sound track."""

from __future__ import annotations

from typing import Any

from repurpose.errors import UserError
from repurpose.models import EditDecisionList, Ms, Recording, Span


def to_otio(edl: EditDecisionList, recording: Recording, media: str) -> str:
    """The EDL as OpenTimelineIO JSON: clips in frames of the recording, pointing at `media`, a path relative to the file."""
    import opentimelineio as otio

    rate = recording.video.rate_num / recording.video.rate_den

    def frames(at: Ms) -> int:
        return round(at * recording.video.rate_num / (1000 * recording.video.rate_den))

    def stretch(span: Span) -> Any:
        first = frames(span.start)
        return otio.opentime.TimeRange(
            otio.opentime.RationalTime(first, rate), otio.opentime.RationalTime(frames(span.end) - first, rate)
        )

    timeline = otio.schema.Timeline(name=edl.title or edl.cut, metadata={"repurpose": edl.model_dump(mode="json")})
    kinds = [otio.schema.TrackKind.Video] + [otio.schema.TrackKind.Audio] * recording.has_audio
    for kind in kinds:
        track = otio.schema.Track(name=kind, kind=kind)
        for number, span in enumerate(edl.spans, 1):
            reference = otio.schema.ExternalReference(
                target_url=media, available_range=stretch(Span(start=0, end=recording.duration))
            )
            track.append(
                otio.schema.Clip(name=f"{edl.cut} {number}", media_reference=reference, source_range=stretch(span))
            )
        timeline.tracks.append(track)
    return str(otio.adapters.write_to_string(timeline, "otio_json", indent=2)) + "\n"


def from_otio(text: str) -> EditDecisionList:
    """The EDL of such a file, also after clips were moved, trimmed or removed in an editing program.

    Raises UserError when it is not a timeline with clips, in the order they were said.
    """
    import opentimelineio as otio

    try:
        timeline = otio.adapters.read_from_string(text, "otio_json")
    except (otio.exceptions.OTIOError, KeyError, ValueError) as error:
        raise UserError(f"this is not an OpenTimelineIO file ({error}): export it again as .otio") from None
    tracks = timeline.video_tracks() if isinstance(timeline, otio.schema.Timeline) else []
    clips = [clip for track in tracks[:1] for clip in track if isinstance(clip, otio.schema.Clip)]
    if not clips:
        raise UserError("this timeline has no clip on a picture track: export the sequence itself, not its bin")
    known = dict(timeline.metadata.get("repurpose", {}))
    spans = tuple(_span(clip.trimmed_range()) for clip in clips)
    try:
        return EditDecisionList(
            cut=str(known.get("cut") or "edit"),
            take=int(known.get("take") or 1),
            title=str(known.get("title") or ""),
            spans=spans,
        )
    except ValueError:
        raise UserError(
            "the clips of this timeline overlap or stand in another order than they were said: put them in order"
        ) from None


def _span(stretch: Any) -> Span:
    return Span(
        start=round(stretch.start_time.to_seconds() * 1000), end=round(stretch.end_time_exclusive().to_seconds() * 1000)
    )
