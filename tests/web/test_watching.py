"""What is dropped into a watched folder, over a real workplace: one order for each content, sent on as that ends."""

from __future__ import annotations

import random
import wave
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path

import pytest

from repurpose.db import events, kept, orders, recordings
from repurpose.db.orders import OrderState
from repurpose.ingest.intake import take_in
from repurpose.ingest.roots import roots_of
from repurpose.ingest.watch import OURS
from repurpose.ingest.watch_folder import WatchFolder
from repurpose.pipeline import release
from repurpose.pipeline.run import Run
from repurpose.pipeline.workplace import Workplace
from repurpose.presets import load
from repurpose.settings import Settings
from repurpose.web.watching import Happened, Watching
from tests.databases import BOTH, Kind, ready_database

PICTURE = b"\x89PNG and more"


@dataclass
class Desk:
    """A folder, who watches it, and what happened. The runner's part is played by `end`."""

    root: Path
    place: Workplace
    happened: list[Happened] = field(default_factory=list)
    now: float = 0.0

    def drop(self, name: str, content: int = 0) -> Path:
        """A sound file of half a second; the same `content` is the same file."""
        path = self.root / name
        path.parent.mkdir(exist_ok=True)
        with wave.open(str(path), "wb") as file:
            file.setparams((1, 2, 8000, 0, "NONE", ""))
            file.writeframes(random.Random(content).randbytes(8000))
        return path

    def look(self, times: int = 2) -> list[tuple[str, str]]:
        """So many looks, 10 s apart, by somebody who has just begun to watch; (what, name) of what happened."""
        before = len(self.happened)
        with WatchFolder(self.root) as folder:
            watching = Watching(self.place, folder, lambda: None, self.happened.append)
            for _ in range(times):
                watching.step(self.now)
                self.now += 10
        return [(one.what, one.name) for one in self.happened[before:]]

    def end(self, state: OrderState, why: str = "") -> None:
        """The oldest order ends."""
        held = orders.claim(self.place.engine, "runner")
        assert held is not None
        orders.settle(self.place.engine, held, state, why)

    def lying(self, *but: str) -> list[str]:
        """Every plain file that is seen, but those in these folders."""
        found = (path.relative_to(self.root) for path in self.root.rglob("*") if path.is_file())
        return sorted(path.as_posix() for path in found if path.name[0] != "." and path.parts[0] not in but)


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    (tmp_path / "drop").mkdir()
    settings = Settings(home=tmp_path / "home", database=f"sqlite:///{tmp_path / 'home' / 'a.db'}")
    with Workplace(settings) as place:
        yield Desk(tmp_path / "drop", place)


def test_a_file_becomes_a_draft_and_ends_in_done(desk: Desk) -> None:
    desk.drop("秋季发布会.wav")
    (desk.root / "秋季发布会.toml").write_text('title = "库存怎样降下来"\nlanguage = "zh"\n', "utf-8")
    assert desk.look(1) == []
    assert desk.look() == [("taken", "秋季发布会.wav")]
    assert desk.lying() == [f"taken/{desk.happened[0].run}/秋季发布会.{ending}" for ending in ("toml", "wav")]
    (event,) = events.listed(desk.place.engine)
    assert (event.state, event.title, event.language) == ("draft", "库存怎样降下来", "zh")
    assert event.slug == "qiu-ji-fa-bu-hui" and desk.happened[0].called == "秋季发布会"
    assert desk.look() == [("resumed", "秋季发布会.wav")]
    desk.end("done")
    assert desk.look() == [("done", "秋季发布会.wav")]
    assert desk.lying() == ["done/秋季发布会.toml", "done/秋季发布会.wav"]
    assert desk.look() == []


def test_the_same_content_is_made_once(desk: Desk) -> None:
    desk.drop("talk.wav")
    desk.drop("copy of it.wav")
    desk.drop("other.wav", 1)
    happened = desk.look()
    assert happened == [("taken", "copy of it.wav"), ("taken", "other.wav"), ("duplicate", "talk.wav")]
    assert len(orders.listed(desk.place.engine)) == 2
    desk.end("done")
    desk.drop("talk.wav")
    assert ("duplicate", "talk.wav") in desk.look()
    (text,) = [path.read_text("utf-8") for path in desk.root.glob("duplicates/talk-2.wav.why.txt")]
    assert "与已有的录像内容相同" in text and "The same as copy of it.wav" in text
    assert len(events.listed(desk.place.engine)) == 2


def test_what_failed_says_why_and_may_be_tried_again(desk: Desk) -> None:
    (desk.root / "minutes.mp4").write_text("We met.\nWe parted.\n" * 200)
    (desk.root / "talk.toml").write_text('tilte = "Talk"\n')
    desk.drop("talk.wav")
    assert desk.look() == [("failed", "minutes.mp4"), ("failed", "talk.wav")]
    assert "is text, not a recording" in (desk.root / "failed" / "minutes.mp4.why.txt").read_text("utf-8")
    assert "talk.toml: 'tilte' is not a field" in (desk.root / "failed" / "talk.wav.why.txt").read_text("utf-8")
    assert events.listed(desk.place.engine) == [] and not (desk.root / "taken" / "talk.wav").exists()
    (desk.root / "failed" / "talk.wav").rename(desk.root / "talk.wav")
    assert desk.look() == [("taken", "talk.wav")]
    desk.end("failed", "transcript: the sound is broken")
    assert desk.look() == [("failed", "talk.wav")]
    assert "transcript: the sound is broken" in (desk.root / "failed" / "talk-2.wav.why.txt").read_text("utf-8")
    (desk.root / "failed" / "talk-2.wav").rename(desk.root / "talk.wav")
    assert desk.look() == [("taken", "talk.wav")]
    (event,) = events.listed(desk.place.engine)  # the same one
    assert [row.state for row in orders.listed(desk.place.engine, event_id=event.id)] == ["waiting", "failed"]
    orders.cancel(desk.place.engine, desk.happened[-1].run)
    assert desk.look() == [("failed", "talk.wav")] and desk.happened[-1].why == "It was cancelled."


def test_two_of_one_name_are_two_events(desk: Desk) -> None:
    for content in (1, 2):
        desk.drop("recording.wav", content)
        assert desk.look() == [*[("resumed", "recording.wav")] * (content - 1), ("taken", "recording.wav")]
    assert {one.called for one in desk.happened} == {"recording", "recording-2"}
    desk.end("done")
    desk.end("done")
    assert desk.look() == [("done", "recording.wav")] * 2
    assert desk.lying() == ["done/recording-2.wav", "done/recording.wav"]


def test_a_folder_is_one_event_of_all_its_parts(desk: Desk) -> None:
    for part in (2, 10, 1):
        desk.drop(f"Autumn/part{part}.wav", part)
    (desk.root / "Autumn" / "event.toml").write_text('title = "Autumn 2026"\n')
    (desk.root / "Autumn" / "chat.csv").write_text("at,who,text\n0:01,Lin,hello\n")
    assert desk.look() == [("taken", "Autumn")]
    (event,) = events.listed(desk.place.engine)
    files = recordings.of_event(desk.place.engine, event.id)
    assert [row.name for row in files] == ["part1.wav", "part2.wav", "part10.wav", "chat.csv"]
    assert (event.title, event.slug) == ("Autumn 2026", "autumn")
    desk.end("done")
    desk.look()
    assert desk.lying(*OURS) == [] and (desk.root / "done" / "Autumn" / "part10.wav").is_file()


def test_what_the_command_line_made_is_not_made_again(desk: Desk) -> None:
    made = desk.drop("talk.wav")
    taken = take_in([made], desk.place.store, None, None)
    run = Run.open(desk.place, "talk", roots_of(taken, desk.place.store, desk.place.engine), load())
    event = release.draft(desk.place, run)
    made.rename(desk.root / "again.wav")
    assert desk.look() == [("duplicate", "again.wav")]
    assert f"({event.id})" in desk.happened[-1].why
    assert orders.listed(desk.place.engine) == []


def test_the_photo_of_a_speaker_is_kept(desk: Desk) -> None:
    desk.drop("Autumn/talk.wav")
    (desk.root / "Autumn" / "lin.png").write_bytes(PICTURE)
    (desk.root / "Autumn" / "event.toml").write_text('[[speakers]]\nname = "林晓"\nphoto = "lin.png"\n', "utf-8")
    assert desk.look() == [("taken", "Autumn")]
    assert {sha256(PICTURE).hexdigest()} <= kept.files(desk.place.engine)


@pytest.mark.parametrize("kind", BOTH)
def test_two_folders_with_the_same_recordings_make_each_once(tmp_path: Path, kind: Kind) -> None:
    database = ready_database(kind, tmp_path)

    def watch(name: str) -> list[str]:
        (tmp_path / name).mkdir()
        with Workplace(Settings(home=tmp_path / "home", database=database)) as place:
            desk = Desk(tmp_path / name, place)
            for content in range(6):
                desk.drop(f"{name} {content}.wav", content)
            return [what for what, _ in desk.look()]

    with ThreadPoolExecutor(2) as pool:
        happened = [what for said in pool.map(watch, ("one", "two")) for what in said]
    assert Counter(happened) == {"taken": 6, "duplicate": 6}


def test_what_was_claimed_but_not_handed_in_is_handed_in_once(desk: Desk) -> None:
    """A crash between any two steps of taking: claimed only; handed in, and the row is there."""
    desk.drop("talk.wav")
    claim = desk.root / "taken" / "ru_aaaaaaaaaaaaaaaaaaaa"
    claim.mkdir(parents=True)
    (desk.root / "talk.wav").rename(claim / "talk.wav")
    assert desk.look() == [("taken", "talk.wav")]
    assert desk.look() == [("resumed", "talk.wav")]
    assert [row.id for row in orders.listed(desk.place.engine)] == [claim.name]
    half = desk.root / "taken" / "ru_bbbbbbbbbbbbbbbbbbbb"
    half.mkdir()
    (half / "other.srt").write_text("1\n")
    assert ("returned", "other.srt") in desk.look()
    assert (desk.root / "other.srt").is_file() and not half.exists()


def test_a_file_that_grows_while_it_is_read_is_put_back(desk: Desk) -> None:
    desk.drop("talk.wav")
    with WatchFolder(desk.root) as folder:
        watching = Watching(desk.place, folder, lambda: None, desk.happened.append)
        watching.step(0.0)
        with (desk.root / "talk.wav").open("ab") as file:  # still, but not done
            watching.step(20.0)
            watching.step(40.0)
            assert [(one.what, one.why) for one in desk.happened] == [
                ("waiting", "A program still has it open to write.")
            ]
            file.write(bytes(100))
        watching.step(60.0)
        watching.step(70.0)
        assert [one.what for one in desk.happened] == ["waiting"]  # it was still for 40 s before it grew: twice that
        watching.step(141.0)
        assert [one.what for one in desk.happened] == ["waiting", "taken"]
