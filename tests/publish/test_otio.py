"""An EDL survives the way through an editing program's file."""

from __future__ import annotations

import json

import pytest

from repurpose.errors import UserError
from repurpose.publish.otio import from_otio, to_otio
from tests.edit.fabricate import ladder, make


@pytest.mark.parametrize("rate", [(25, 1), (30000, 1001)])
def test_there_and_back(rate: tuple[int, int]) -> None:
    made = make(1, 12, rate=rate)
    for edits in ladder(made).values():
        for edl in edits.takes:
            assert from_otio(to_otio(edl, made.recording, "../recording.mp4")) == edl


def test_it_has_a_picture_and_a_sound_track_that_point_at_the_recording() -> None:
    made = make(1, 12)
    edl = ladder(made)["1min"].takes[0]
    data = json.loads(to_otio(edl, made.recording, "../recording.mp4"))
    tracks = data["tracks"]["children"]
    assert [track["kind"] for track in tracks] == ["Video", "Audio"]
    assert all(len(track["children"]) == len(edl.spans) for track in tracks)
    assert "../recording.mp4" in json.dumps(data)


@pytest.mark.parametrize("text", ["nope", "{}", '{"OTIO_SCHEMA": "Timeline.1"}', '{"OTIO_SCHEMA": "Track.1"}', ""])
def test_another_file_is_refused_in_one_line(text: str) -> None:
    with pytest.raises(UserError) as refusal:
        from_otio(text)
    assert "\n" not in str(refusal.value)


def test_clips_out_of_order_are_refused() -> None:
    made = make(1, 12)
    edl = ladder(made)["5min"].takes[0]
    data = json.loads(to_otio(edl, made.recording, "x.mp4"))
    data["tracks"]["children"][0]["children"].reverse()
    with pytest.raises(UserError, match="put them in order"):
        from_otio(json.dumps(data))
