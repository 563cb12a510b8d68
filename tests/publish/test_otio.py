"""剪辑表 as OpenTimelineIO: there and back, on frames of the recording."""

from __future__ import annotations

import json

import pytest

from repurpose.errors import UserError
from repurpose.models import Blob, EditDecisionList, Recording, Span, VideoFacts
from repurpose.publish.otio import from_otio, to_otio

RECORDING = Recording(
    media=Blob(digest="0" * 64, suffix=".mp4", size=1),
    duration=60_000,
    video=VideoFacts(codec="h264", width=640, height=360, rate_num=30000, rate_den=1001, smart_cut=True),
    has_audio=True,
)
EDL = EditDecisionList(
    cut="1min", take=2, title="成本", spans=(Span(start=1001, end=5005), Span(start=10_010, end=20_020))
)


def test_it_comes_back_as_it_went() -> None:
    assert from_otio(to_otio(EDL, RECORDING, "talk.mp4")) == EDL


def test_clips_stand_on_frames_and_name_the_recording() -> None:
    timeline = json.loads(to_otio(EDL, RECORDING, "talk.mp4"))
    tracks = timeline["tracks"]["children"]
    assert [track["kind"] for track in tracks] == ["Video", "Audio"]
    clip = tracks[0]["children"][0]
    assert clip["source_range"]["start_time"]["value"] == 30
    assert clip["source_range"]["duration"]["value"] == 120
    assert clip["media_references"]["DEFAULT_MEDIA"]["target_url"] == "talk.mp4"


def test_silence_has_no_sound_track() -> None:
    timeline = json.loads(to_otio(EDL, RECORDING.model_copy(update={"has_audio": False}), "talk.mp4"))
    assert [track["kind"] for track in timeline["tracks"]["children"]] == ["Video"]


def test_a_changed_order_is_refused() -> None:
    timeline = json.loads(to_otio(EDL, RECORDING, "talk.mp4"))
    timeline["tracks"]["children"][0]["children"].reverse()
    with pytest.raises(UserError, match="order"):
        from_otio(json.dumps(timeline))


@pytest.mark.parametrize("text", ["not json", '{"OTIO_SCHEMA": "Clip.2"}', "{}"])
def test_what_is_no_timeline_is_refused(text: str) -> None:
    with pytest.raises(UserError):
        from_otio(text)
