"""What may be taken from a watched folder, and when: decided on a clock of our own."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from repurpose.ingest.watch import (
    LONGEST_S,
    NAME_BYTES,
    File,
    Known,
    drops_in,
    free_number,
    in_order,
    is_recording,
    numbered,
    remember,
    settled,
    why_name,
)

STILL = 10.0


def files(*paths: str, size: int = 9) -> list[File]:
    return [File(path, size, 1) for path in paths]


@pytest.mark.parametrize(
    "name",
    [
        "talk.mp4.part", "talk.mp4.crdownload", "talk.tmp", "talk.mp4.download", ".talk.mp4", "~$talk.mp4", "talk.mp4~",
        "talk.mp4.filepart", "Talk.MP4.PART", "notes.txt", "talk", "talk.mp4.aria2", "talk.toml",
    ],
)  # fmt: skip
def test_what_is_no_finished_recording(name: str) -> None:
    assert not is_recording(name)
    assert drops_in(files(name)) == []


def test_a_recording_takes_along_what_is_called_the_same() -> None:
    (drop,) = drops_in(files("Talk.MP4", "Talk.toml", "Talk.srt", "Talk.csv", "other.toml", "Talk.txt"))
    assert drop.name == "Talk.MP4"
    assert [file.path for file in drop.files] == ["Talk.csv", "Talk.srt", "Talk.toml", "Talk.MP4"]
    first, second = drops_in(files("talk.mov", "talk.mp4", "talk.toml"))
    assert [file.path for file in first.files + second.files] == ["talk.toml", "talk.mov", "talk.mp4"]


def test_a_folder_with_recordings_is_one_event() -> None:
    listed = files(
        "秋季/event.toml", "秋季/第1部.mp4", "秋季/第2部.mp4", "秋季/photos/lin.jpg", "秋季/.DS_Store", "empty/a.txt"
    )
    (drop,) = drops_in(listed)
    assert drop.folder and drop.name == "秋季" and len(drop.files) == 4
    assert (
        drops_in(files("done/a.mp4", "failed/b.mp4", "taken/ru_x/c.mp4", "talk.mp4.download/talk.mp4", ".x/a.mp4"))
        == []
    )
    assert drops_in([*listed, File("秋季/第3部.mp4", 0, 1)]) == []
    (drop,) = drops_in([*listed, File("秋季/第3部.mp4.part", 5, 1)])
    assert drop.coming == "第3部.mp4.part"


def test_what_is_empty_or_still_coming_is_not_taken() -> None:
    assert drops_in([File("talk.mp4", 0, 1)]) == []
    for name in ("talk.mp4.aria2", "talk.mp4.part", ".talk.mp4.Xk3f"):
        (drop,) = drops_in(files("talk.mp4", name))
        assert drop.coming == name
        assert not settled(Known(drop, 0.0, 10_000.0), STILL)


def test_parts_are_in_the_order_a_person_counts() -> None:
    assert in_order(["part10.mp4", "Part2.mp4", "part1.mp4"]) == ["part1.mp4", "Part2.mp4", "part10.mp4"]
    assert in_order(["b.mp4", "2.mp4", "a.mp4", "10.mp4"]) == ["2.mp4", "10.mp4", "a.mp4", "b.mp4"]


def test_names_get_a_number_where_they_are_taken() -> None:
    assert numbered("talk.mp4", 1) == "talk.mp4" and numbered("talk.mp4", 3) == "talk-3.mp4"
    assert numbered("v1.2 Autumn", 2, folder=True) == "v1.2 Autumn-2"
    assert free_number(["talk.mp4", "talk.toml"], ["Talk.TOML", "talk-2.mp4.why.txt"]) == 3
    assert free_number(["talk.mp4"], []) == 1
    long = "长" * 83 + ".mp4"
    assert numbered(long, 12).endswith("长-12.mp4")
    for name in (numbered(long, 12), why_name(long)):
        assert len(name.encode()) <= NAME_BYTES


def looks(history: list[tuple[float, int]]) -> list[tuple[float, bool]]:
    """(time, settled then) over looks (time, size) at one file."""
    known: dict[str, Known] = {}
    told = []
    for now, size in history:
        known = remember(known, drops_in([File("talk.mp4", size, size)]), now)
        told.append((now, "talk.mp4" in known and settled(known["talk.mp4"], STILL)))
    return told


def test_a_file_is_taken_when_it_has_been_still() -> None:
    assert looks([(0, 5), (3, 5), (9, 5), (10, 5)]) == [(0, False), (3, False), (9, False), (10, True)]
    assert [taken for _, taken in looks([(0, 5), (9, 6), (12, 6), (19, 6)])] == [False, False, False, True]
    assert not any(taken for _, taken in looks([(now, 0) for now in range(0, 60, 3)]))
    assert looks([(0, 5), (500, 5)])[-1] == (500, True)  # a look that took long is no sign of life


def test_the_longer_it_paused_the_longer_it_is_waited_for() -> None:
    paused = [(0, 5), (9, 5), (12, 6), (22, 6), (29, 6), (30, 6)]
    assert [taken for _, taken in looks(paused)] == [False, False, False, False, False, True]
    tired = [(0.0, 5), (1000.0, 5), (1003.0, 6)]
    assert looks([*tired, (1003 + LONGEST_S - 1, 6)])[-1][1] is False
    assert looks([*tired, (1003 + LONGEST_S, 6)])[-1][1] is True


@given(st.lists(st.tuples(st.floats(0.1, 9.9), st.booleans()), min_size=1, max_size=20))
def test_nothing_is_taken_within_the_time_after_a_change(steps: list[tuple[float, bool]]) -> None:
    now, size, history, changed = 0.0, 1, [(0.0, 1)], [0.0]
    for wait, grows in steps:
        now, size = now + wait, size + grows
        history.append((now, size))
        changed.append(now if grows else changed[-1])
    for (at, taken), last in zip(looks(history), changed, strict=True):
        assert not taken or at - last >= STILL
    assert looks([*history, (now + LONGEST_S, size)])[-1][1] is True
