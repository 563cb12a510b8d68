"""The sample webinar is what its pages say it is."""

from __future__ import annotations

import csv
from itertools import pairwise
from pathlib import Path

import av
import pytest

from repurpose.ingest.chat import read_chat
from repurpose.ingest.event import read_event
from repurpose.presets import assets
from repurpose.store import FolderStore

DEMO = assets() / "demo"
FILM = DEMO / "webinar.mp4"


def test_film_is_a_webinar_long_enough_for_every_version() -> None:
    assert FILM.stat().st_size <= 25_000_000
    with av.open(str(FILM)) as film:
        picture, sound = film.streams.video[0], film.streams.audio[0]
        assert (picture.codec_context.name, picture.width, picture.height) == ("h264", 1920, 1080)
        assert (sound.codec_context.name, sound.channels) == ("aac", 1)
        assert film.duration is not None
        assert 35 * 60 <= film.duration / av.time_base <= 38 * 60


@pytest.mark.slow
def test_film_has_a_constant_rate_and_a_keyframe_every_twenty_seconds() -> None:
    with av.open(str(FILM)) as film:
        picture = film.streams.video[0]
        assert picture.average_rate == 25
        shown, keys = [], []
        for packet in film.demux(picture):
            if packet.pts is not None:
                shown.append(packet.pts * packet.time_base)
                keys += [shown[-1]] if packet.is_keyframe else []
    shown.sort()
    assert {after - before for before, after in pairwise(shown)} == {1 / picture.average_rate}
    assert keys[0] == shown[0]
    assert max(after - before for before, after in pairwise([*keys, shown[-1]])) <= 20


def test_index_stands_before_the_media() -> None:
    with FILM.open("rb") as film:
        start = film.read(4096)
    assert b"moov" in start
    assert b"mdat" not in start


def test_event_file_names_people_parts_and_photos(tmp_path: Path) -> None:
    event, chat = read_event(DEMO / "event.toml", "demo", FolderStore(tmp_path))
    assert chat == "chat.csv"
    assert [speaker.role for speaker in event.speakers] == ["host", "guest", "guest"]
    assert all(speaker.photo for speaker in event.speakers)
    starts = [item.at for item in event.agenda]
    assert len(starts) >= 6
    assert all(at is not None for at in starts)
    assert starts == sorted(starts, key=lambda at: at or 0)
    assert {item.speaker for item in event.agenda} <= {speaker.name for speaker in event.speakers}
    assert event.cta.url.startswith("https://example.com/")


def test_chat_lies_within_the_talk() -> None:
    live = read_chat(DEMO / "chat.csv")
    assert len(live.messages) >= 80
    assert {message.kind for message in live.messages} == {"chat", "question", "poll", "reaction"}
    assert live.messages[-1].at < 38 * 60_000


def test_registrants_are_nobody() -> None:
    with (DEMO / "registrants.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert len(rows) == 120
    assert len({row["email"] for row in rows}) == 120
    assert {row["email"].rpartition("@")[2] for row in rows} <= {"example.com", "example.org"}
    assert all((row["attended"] == "yes") == (int(row["minutes"]) > 0) for row in rows)


@pytest.mark.parametrize("name", ["lin-xi.png", "zhou-yuan.png", "xu-zhiran.png"])
def test_portraits_are_pictures(name: str) -> None:
    assert (DEMO / "portraits" / name).read_bytes().startswith(b"\x89PNG")
