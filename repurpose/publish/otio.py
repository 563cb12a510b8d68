"""剪辑表 as OpenTimelineIO, for editing programs."""

from __future__ import annotations

from repurpose.models import EditDecisionList, Event, Recording


def to_otio(edl: EditDecisionList, event: Event, recording: Recording) -> str:
    """An .otio text: one picture track and, where there is sound, one sound track, a clip for each span.

    Times are whole frames at the recording's rate. The clips name the recording by the event's name: the editing
    program asks once where it lies.
    """
    import opentimelineio as otio

    video = recording.video
    rate = video.rate_num / video.rate_den

    def frames(at: int) -> otio.opentime.RationalTime:
        return otio.opentime.RationalTime(round(at * video.rate_num / video.rate_den / 1000), rate)

    def between(start: int, end: int) -> otio.opentime.TimeRange:
        return otio.opentime.TimeRange.range_from_start_end_time(frames(start), frames(end))

    timeline = otio.schema.Timeline(name=edl.title or f"{event.name} {edl.cut} {edl.take}")
    kinds = [otio.schema.TrackKind.Video] + [otio.schema.TrackKind.Audio] * recording.has_audio
    for kind in kinds:
        track = otio.schema.Track(name=kind, kind=kind)
        for number, span in enumerate(edl.spans, 1):
            source = otio.schema.ExternalReference(f"{event.name}{recording.media.suffix}")
            source.available_range = between(0, recording.duration)
            track.append(
                otio.schema.Clip(
                    name=f"{edl.cut} {number}", media_reference=source, source_range=between(span.start, span.end)
                )
            )
        timeline.tracks.append(track)
    return str(otio.adapters.write_to_string(timeline, "otio_json")) + "\n"
