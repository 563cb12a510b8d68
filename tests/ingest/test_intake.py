"""What a user hands in: event.toml, chat, subtitles, several parts; and what is said when it is wrong."""

from __future__ import annotations

import datetime
from pathlib import Path

import pytest

from repurpose.errors import BadMedia, BadPreset, UserError
from repurpose.ingest.event import clock
from repurpose.ingest.intake import name_of, take_in, vocabulary
from repurpose.media import ffmpeg
from repurpose.models import ChatMessage, TitleCard
from repurpose.presets import assets
from tests.ingest.sources import context
from tests.media.clock import make_clock

EVENT = """
title = "一场好的回放"
date = 2026-11-21
language = "zh"
terms = ["OneID", "线索评分"]
[cta]
text = "预约演示"
url = "https://example.com"
[[speakers]]
name = "周岚"
company = "某某科技"
role = "host"
photo = "zhou.png"
[[speakers]]
name = "Li Ming"
[[agenda]]
title = "开场"
at = "0:12:30"
speaker = "周岚"
"""
PNG = b"\x89PNG\r\n\x1a\n" + bytes(40)


@pytest.fixture
def talk(tmp_path: Path) -> Path:
    (tmp_path / "event.toml").write_text(EVENT, "utf-8")
    (tmp_path / "zhou.png").write_bytes(PNG)
    return make_clock(tmp_path / "talk.mp4", 25)


def test_everything_beside_the_recording_is_taken(talk: Path, tmp_path: Path) -> None:
    (tmp_path / "chat.csv").write_text(
        "at,who,text,kind\n0:00:05,A,真的吗？,question\n1500,B,好,chat\n-0:10,C,early,\n,,,\n", "utf-8"
    )
    (tmp_path / "talk.srt").write_text("1\n00:00:00,000 --> 00:00:01,000\n大家好\n", "utf-8")
    ctx = context(tmp_path)
    taken = take_in([talk], ctx.store, None, None)
    event = taken.event
    assert (event.name, event.title, event.date, event.language) == (
        "talk",
        "一场好的回放",
        datetime.date(2026, 11, 21),
        "zh",
    )
    assert event.speakers[0].photo is not None
    assert ctx.store.path(event.speakers[0].photo).read_bytes() == PNG
    assert event.speakers[0].role == "host"
    assert (event.agenda[0].at, event.cta.text) == (750_000, "预约演示")
    assert taken.live.messages == (
        ChatMessage(at=0, who="C", text="early"),
        ChatMessage(at=1500, who="B", text="好"),
        ChatMessage(at=5000, who="A", text="真的吗？", kind="question"),
    )
    assert taken.source.names == ("talk.mp4",)
    assert taken.source.subtitles is not None
    assert taken.source.card is None
    assert ctx.store.path(taken.source.files[0]).read_bytes() == talk.read_bytes()
    assert vocabulary(event, ctx).words == ("OneID", "线索评分", "周岚", "某某科技", "Li Ming")


def test_nothing_beside_it(tmp_path: Path) -> None:
    taken = take_in([make_clock(tmp_path / "talk one.mp4", 25)], context(tmp_path).store, None, None)
    assert (taken.event.name, taken.event.title, taken.live.messages, taken.source.subtitles) == (
        "talk one",
        "",
        (),
        None,
    )


def test_taken_twice_is_the_same(talk: Path, tmp_path: Path) -> None:
    store = context(tmp_path).store
    assert take_in([talk], store, None, None) == take_in([talk], store, None, None)


def test_sound_alone_gets_the_events_card(tmp_path: Path) -> None:
    ffmpeg.run("-f", "lavfi", "-i", "sine=d=2", tmp_path / "good_talk.wav")
    event = tmp_path / "mine.toml"
    event.write_text('date = 2026-11-21\n[[speakers]]\nname = "周岚"\ncompany = "某某"\n', "utf-8")
    taken = take_in([tmp_path / "good_talk.wav"], context(tmp_path).store, event, None)
    assert taken.source.card == TitleCard(title="good talk", lines=("2026-11-21", "周岚 · 某某"))


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("company =", "compny =", "'speakers.0.compny' is not a field. Did you mean 'company'?"),
        ("title = ", "titel = ", "'titel' is not a field. Did you mean 'title'?"),
        ('"0:12:30"', '"half past"', "agenda.0.at"),
        ('"zhou.png"', '"gone.png"', "photo of speaker 1 names 'gone.png', which is not there"),
        ('"zhou.png"', '"event.toml"', "is not a picture"),
        ('language = "zh"', 'chat = "gone.csv"', "chat names 'gone.csv', which is not there"),
        ('language = "zh"', 'name = "a/b"', "cannot name a folder"),
        ('role = "host"', 'role = "boss"', "speakers.0.role"),
        ("[cta]", "[cta", "not valid TOML"),
    ],
)
def test_a_wrong_event_file_is_refused(talk: Path, tmp_path: Path, old: str, new: str, says: str) -> None:
    (tmp_path / "event.toml").write_text(EVENT.replace(old, new, 1), "utf-8")
    with pytest.raises(BadPreset) as refusal:
        take_in([talk], context(tmp_path).store, None, None)
    assert says in str(refusal.value)
    assert "event.toml" in str(refusal.value)
    assert "\n" not in str(refusal.value)


def test_wrong_chat_and_subtitles_are_refused(talk: Path, tmp_path: Path) -> None:
    store = context(tmp_path).store
    (tmp_path / "chat.csv").write_text("at,text\n0:00:99,hello\n", "utf-8")
    with pytest.raises(BadPreset, match=r"chat\.csv: line 2: '0:00:99' is not a time"):
        take_in([talk], store, None, None)
    (tmp_path / "chat.csv").write_text("who,what\nA,hello\n", "utf-8")
    with pytest.raises(BadPreset, match="has no column 'at'"):
        take_in([talk], store, None, None)
    (tmp_path / "chat.csv").unlink()
    (tmp_path / "words.srt").write_text("nothing here\n", "utf-8")
    with pytest.raises(BadMedia, match=r"words\.srt: holds no subtitles"):
        take_in([talk], store, None, tmp_path / "words.srt")


def test_no_files(tmp_path: Path) -> None:
    with pytest.raises(UserError):
        take_in([], context(tmp_path).store, None, None)


def test_the_template_can_be_read(talk: Path, tmp_path: Path) -> None:
    taken = take_in([talk], context(tmp_path).store, assets() / "templates" / "event.toml", None)
    assert (taken.event.name, taken.event.title) == ("talk", "")


@pytest.mark.parametrize(
    ("names", "event"),
    [
        (["talk.mp4"], "talk"),
        (["webinar-part1.mp4", "webinar-part2.mp4"], "webinar"),
        (["直播(1).mp4", "直播(2).mp4"], "直播"),
        (["a.mp4", "b.mp4"], "a"),
        (["part1.mp4", "part2.mp4"], "part1"),
    ],
)
def test_names_of_events(names: list[str], event: str) -> None:
    assert name_of([Path(name) for name in names]) == event


@pytest.mark.parametrize(
    ("text", "ms"), [("0:12:30", 750_000), ("12:30", 750_000), ("1:00:00.5", 3_600_500), ("90s", 90_000), (1500, 1500)]
)
def test_clock(text: str | int, ms: int) -> None:
    assert clock(text) == ms
