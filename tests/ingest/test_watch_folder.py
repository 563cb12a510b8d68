"""Moves within a watched folder: claimed whole or not at all, sent on under a free name, and ended after any crash."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from repurpose.errors import UserError
from repurpose.ingest.watch import DONE, FAILED, Drop, drops_in
from repurpose.ingest.watch_folder import WatchFolder

ID = "ru_aaaaaaaaaaaaaaaaaaaa"


def put(folder: Path, *names: str) -> None:
    for name in names:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(f"content of {name}", "utf-8")


def only(folder: WatchFolder) -> Drop:
    (drop,) = drops_in(folder.files())
    return drop


def lying(folder: Path) -> dict[str, str]:
    """Every file that is seen, and what is in it."""
    return {
        path.relative_to(folder).as_posix(): path.read_text("utf-8")
        for path in folder.rglob("*")
        if path.is_file() and not path.name.startswith(".")
    }


def test_what_was_dropped_together_is_taken_together(tmp_path: Path) -> None:
    put(tmp_path, "talk.mp4", "talk.toml", "talk.srt", "notes.txt")
    with WatchFolder(tmp_path) as folder:
        assert folder.claim(only(folder), ID)
        assert folder.claims() == [ID]
        claimed = folder.claimed(ID)
        assert claimed is not None and (claimed.name, claimed.title, claimed.chat) == ("talk.mp4", "talk", None)
        assert claimed.event_file and claimed.subtitles and len(claimed.recordings) == 1
        sent = folder.send(ID, DONE)
        assert sent is not None and (sent.to, sent.was, sent.name) == (DONE, "talk.mp4", "talk.mp4")
        assert folder.claims() == []
    assert lying(tmp_path).keys() == {"done/talk.mp4", "done/talk.toml", "done/talk.srt", "notes.txt"}


def test_a_folder_is_taken_as_one_event(tmp_path: Path) -> None:
    put(
        tmp_path,
        "秋季/2.mp4",
        "秋季/10.mp4",
        "秋季/event.toml",
        "秋季/chat.csv",
        "秋季/photos/lin.png",
        "秋季/.DS_Store",
    )
    with WatchFolder(tmp_path) as folder:
        assert folder.claim(only(folder), ID)
        claimed = folder.claimed(ID)
        assert claimed is not None and (claimed.name, claimed.title, claimed.subtitles) == ("秋季", "秋季", None)
        assert [path.name for path in claimed.recordings] == ["2.mp4", "10.mp4"]
        assert claimed.event_file and claimed.chat
        put(tmp_path, "failed/秋季/old.mp4")
        sent = folder.send(ID, FAILED, "why", "all of why")
    assert sent is not None and sent.name == "秋季-2"
    assert lying(tmp_path)["failed/秋季-2.why.txt"] == "all of why"
    assert (tmp_path / "failed" / "秋季-2" / "photos" / "lin.png").is_file()


def test_names_that_are_taken_get_a_number(tmp_path: Path) -> None:
    with WatchFolder(tmp_path) as folder:
        for at in range(3):
            put(tmp_path, "talk.mp4", "talk.toml")
            assert folder.claim(only(folder), f"{ID[:-1]}{at}")
            folder.send(f"{ID[:-1]}{at}", FAILED, "why", f"reason {at}")
    told = lying(tmp_path)
    assert len(told) == 9
    assert told["failed/talk-3.mp4.why.txt"] == "reason 2" and "failed/talk-3.toml" in told


def test_what_changed_since_the_look_is_put_back(tmp_path: Path) -> None:
    put(tmp_path, "talk.mp4", "talk.toml")
    with WatchFolder(tmp_path) as folder:
        drop = only(folder)
        put(tmp_path, "talk.mp4")
        (tmp_path / "talk.toml").unlink()
        assert not folder.claim(drop, ID)
        assert lying(tmp_path).keys() == {"talk.mp4"} and folder.claims() == []


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells who writes to a file")
def test_what_is_open_to_write_is_left_alone(tmp_path: Path) -> None:
    put(tmp_path, "talk.mp4", "Autumn/a.mp4")
    with WatchFolder(tmp_path) as folder, (tmp_path / "talk.mp4").open("ab") as file:
        autumn, talk = drops_in(folder.files())
        assert folder.is_written(talk) and not folder.is_written(autumn)
        assert not folder.claim(talk, ID)
        assert (tmp_path / "talk.mp4").is_file() and os.fstat(file.fileno()).st_nlink == 1
        file.close()
        assert not folder.is_written(talk) and folder.claim(talk, ID)
        before = folder.state(ID)
        with (tmp_path / "taken" / ID / "talk.mp4").open("ab"):
            assert folder.is_changing(ID, before)
        assert not folder.is_changing(ID, before)


def test_links_are_not_followed(tmp_path: Path) -> None:
    put(tmp_path / "elsewhere", "secret.mp4")
    watched = tmp_path / "watched"
    watched.mkdir()
    (watched / "link.mp4").symlink_to(tmp_path / "elsewhere" / "secret.mp4")
    (watched / "folder").symlink_to(tmp_path / "elsewhere", target_is_directory=True)
    with WatchFolder(watched) as folder:
        assert folder.files() == []


def test_a_folder_has_one_watcher_and_a_dead_one_does_not_count(tmp_path: Path) -> None:
    with WatchFolder(tmp_path), pytest.raises(UserError, match=f"watched already, by process {os.getpid()} on"):
        WatchFolder(tmp_path).__enter__()
    child = os.fork()
    if not child:
        WatchFolder(tmp_path).__enter__()
        os.kill(os.getpid(), signal.SIGKILL)
    os.waitpid(child, 0)
    assert (tmp_path / "taken" / ".watcher").is_file()
    with WatchFolder(tmp_path):
        pass
    with pytest.raises(UserError, match="no such folder"):
        WatchFolder(tmp_path / "nowhere").__enter__()


def killed_at(event: int, work: Callable[[], None]) -> bool:
    """Do it in a process of its own that is killed dead before its `event`-th change on the disk; False when it ended first."""
    child = os.fork()
    if not child:
        left = [event]

        def count(name: str, arguments: object) -> None:
            if name in ("os.rename", "os.mkdir", "os.rmdir", "os.remove") or (name == "open" and "w" in str(arguments)):
                left[0] -= 1
                if left[0] < 0:
                    os.kill(os.getpid(), signal.SIGKILL)

        sys.addaudithook(count)
        try:
            work()
        finally:
            os._exit(0)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == -signal.SIGKILL


@pytest.mark.slow
@pytest.mark.parametrize(
    "names",
    [
        ("talk.mp4", "talk.toml", "talk.srt"),
        pytest.param(("Autumn/event.toml", "Autumn/a.mp4"), marks=pytest.mark.slow),
    ],
)
def test_after_a_crash_at_any_moment_everything_is_there_once(tmp_path: Path, names: tuple[str, ...]) -> None:
    def work() -> None:
        with WatchFolder(root) as folder:
            for left in folder.claims():
                folder.send(left, *((FAILED, "why", "all of why") if folder.claimed(left) else ("",)))
            for drop in drops_in(folder.files()):
                if folder.claim(drop, ID):
                    folder.send(ID, FAILED, "why", "all of why")

    moments = 0
    while True:
        root = tmp_path / str(moments)
        put(root, *names, "failed/talk.mp4", "failed/Autumn/a.mp4")
        killed = killed_at(moments, work)
        if killed:
            seen = [text for text in lying(root).values() if text.startswith("content of")]
            assert sorted(seen) == sorted(
                f"content of {name}" for name in (*names, "failed/talk.mp4", "failed/Autumn/a.mp4")
            )
            work()
        told = lying(root)
        reason = "failed/talk-2.mp4.why.txt" if "talk.mp4" in names else "failed/Autumn-2.why.txt"
        assert told.pop(reason) == "all of why"
        assert len(told) == len(names) + 2 and all(path.startswith("failed/") for path in told)
        assert not list((root / "taken").glob("ru_*"))
        if not killed:
            break
        moments += 1
    assert moments > 10
