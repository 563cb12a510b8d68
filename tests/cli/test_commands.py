"""The commands, as a user calls them, on a small recording of our own."""

from __future__ import annotations

import io
import json
import os
import signal
import subprocess
import sys
import threading
from contextlib import redirect_stderr, redirect_stdout
from pathlib import Path
from typing import NamedTuple

import pytest

from repurpose.cli import answer
from repurpose.media import ffmpeg

SAID = [
    "We begin with the cost of storage.",
    "Inventory fell by forty percent.",
    "That is the key to the whole story.",
] * 2


class Said(NamedTuple):
    code: int
    out: str
    err: str


class Desk:
    """A user's machine: a home, a recording with subtitles beside it, a preset for a cut it has room for."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.recording = folder / "talk.mp4"
        self.presets = folder / "presets"
        (self.presets / "cuts").mkdir(parents=True)
        (self.presets / "cuts" / "tiny.toml").write_text('at_most = "10s"\nat_least = "4s"\naim = "point"\n')
        ffmpeg.run(
            "-f", "lavfi", "-i", "testsrc2=s=320x180:r=25:d=24", "-f", "lavfi", "-i", "sine=440:d=24",
            "-c:v", "libx264", "-preset", "ultrafast", "-g", "50", "-pix_fmt", "yuv420p", "-c:a", "aac", self.recording,
        )  # fmt: skip
        blocks = [
            f"{n + 1}\n00:00:{n * 4:02},000 --> 00:00:{n * 4 + 3:02},500\n{text}\n" for n, text in enumerate(SAID)
        ]
        self.recording.with_suffix(".srt").write_text("\n".join(blocks))

    @property
    def environment(self) -> dict[str, str]:
        return {**os.environ, "REPURPOSE_HOME": str(self.folder / "home"), "REPURPOSE_PRESETS": str(self.presets)}

    def call(self, *arguments: str | Path) -> Said:
        out, err = io.StringIO(), io.StringIO()
        with pytest.MonkeyPatch.context() as patch, redirect_stdout(out), redirect_stderr(err):
            for name, value in self.environment.items():
                patch.setenv(name, value)
            code = answer([str(argument) for argument in arguments])
        return Said(code, out.getvalue(), err.getvalue())

    def make(self, *more: str | Path) -> Said:
        return self.call("run", self.recording, "--cut", "tiny", "--out", self.folder / "out", *more)


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Desk:
    return Desk(tmp_path_factory.mktemp("desk"))


@pytest.fixture(scope="module")
def made(desk: Desk) -> Said:
    return desk.make("--json")


@pytest.mark.slow
def test_a_run_makes_the_package(desk: Desk, made: Said) -> None:
    assert made.code == 0, made.err
    summary = json.loads(made.out)
    assert summary["name"] == "talk"
    assert summary["folder"] == str(desk.folder / "out" / "talk")
    assert "transcript" in summary["executed"]
    (film,) = summary["cuts"]
    assert Path(film["path"]).is_file()
    assert 4000 <= film["duration_ms"] <= 10_000
    assert (film["cut"], film["take"], film["width"], film["height"]) == ("tiny", 1, 320, 180)
    listing = json.loads((desk.folder / "out" / "talk" / "package.json").read_text("utf-8"))
    assert len(listing["assets"]) == summary["assets"]


@pytest.mark.slow
def test_a_second_run_executes_nothing(desk: Desk, made: Said) -> None:
    again = desk.make("--json")
    assert again.code == 0, again.err
    assert json.loads(again.out)["executed"] == []


@pytest.mark.slow
def test_quiet_prints_the_folder(desk: Desk, made: Said) -> None:
    said = desk.make("-q")
    assert (said.code, said.out, said.err) == (0, f"{desk.folder / 'out' / 'talk'}\n", "")


@pytest.mark.slow
def test_people_are_told_what_was_made(desk: Desk, made: Said) -> None:
    said = desk.make()
    assert "cuts/tiny.landscape.mp4" in said.out
    assert "nothing was left to do" in said.out


@pytest.mark.slow
def test_an_edl_can_be_rendered_by_hand(desk: Desk, made: Said) -> None:
    edl = desk.folder / "my.json"
    edl.write_text(json.dumps({"cut": "mine", "spans": [{"start": 4000, "end": 6000}, {"start": 9000, "end": 10_000}]}))
    target = desk.folder / "films" / "mine.mp4"
    said = desk.call("render", edl, desk.recording, "-o", target)
    assert said.code == 0, said.err
    assert "3.0 s, 320x180" in said.out
    assert target.stat().st_size > 1000
    assert "Inventory fell" in target.with_suffix(".srt").read_text()
    again = desk.call("render", desk.folder / "out" / "talk" / "edl" / "tiny.otio", desk.recording, "-q", "-o", target)
    assert again == (0, "", "")


@pytest.mark.slow
def test_status_tells_of_runs_and_jobs(desk: Desk, made: Said) -> None:
    assert desk.call("status").out.startswith("talk")
    jobs = desk.call("status", "talk").out
    assert "  transcript " in jobs
    assert "|=" in jobs
    assert desk.call("status", "nobody").code == 2


@pytest.mark.slow
def test_what_was_made_is_published_and_taken_down(desk: Desk, made: Said) -> None:
    assert desk.call("publish", "talk").out == "talk: release 1 is shown at /e/talk\n"
    assert desk.call("publish", "talk").out == "talk: release 1 is shown at /e/talk\n"  # nothing has changed
    back = desk.call("publish", "talk", "--rollback")
    assert (back.code, back.err) == (2, "repurpose: There is no earlier release of this event to go back to.\n")
    assert desk.call("publish", "talk", "--withdraw").out.startswith("talk: withdrawn; /e/talk says so.")
    for mistake in (("nobody",), ("nobody", "--withdraw"), ("talk", "--withdraw", "--rollback")):
        assert desk.call("publish", *mistake).code == 2
    assert desk.call("migrate").out.startswith("The database is up to date")


@pytest.mark.slow
def test_cards_are_added_and_listed(desk: Desk, made: Said) -> None:
    desk.call("publish", "talk")
    path = desk.folder / "lin.toml"
    path.write_text('name = "林晓"\ncontent = ["talk"]\n', "utf-8")
    assert desk.call("card", "list").out.startswith("Nobody has a card yet")
    assert desk.call("card", "add", path).out == "林晓: added, at /c/lin-xiao\n"
    assert desk.call("card", "add", path).out == "林晓: brought up to date, at /c/lin-xiao\n"
    assert desk.call("card", "list").out == "/c/lin-xiao  林晓  talk\n"
    path.write_text('name = "林晓"\ncontent = ["nothing"]\n', "utf-8")
    said = desk.call("card", "add", path)
    assert said.code == 2 and "'nothing', and there is no event" in said.err and len(said.err.splitlines()) == 1


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["run", "nowhere.mp4"], "no such file"),
        (["run", "{empty}"], "no recordings in this folder"),
        (["run", "{text}"], "fake.mp4"),
        (["run", "{talk}", "--cut", "90s"], "There are: 30min"),
        (["run", "{talk}", "--choices", "{text}"], "fake.mp4"),
        (["run", "{talk}", "--event", "nowhere.toml"], "no such file"),
        (["run", "{huge}"], "GB are needed"),
        (["render", "{text}", "{talk}", "-o", "x.mp4"], "fake.mp4"),
        (["render", "nowhere.json", "{talk}", "-o", "x.mp4"], "no such file"),
    ],
)
def test_the_users_mistakes_are_told_in_a_line(desk: Desk, arguments: list[str], told: str) -> None:
    places = {name: desk.folder / name for name in ("empty", "fake.mp4", "huge.mp4")}
    places["empty"].mkdir(exist_ok=True)
    places["fake.mp4"].write_text("not a film")
    with places["huge.mp4"].open("wb") as file:
        file.truncate(1 << 42)  # takes no room itself
    names = {"empty": places["empty"], "text": places["fake.mp4"], "huge": places["huge.mp4"], "talk": desk.recording}
    given = [argument.format(**names) for argument in arguments]
    if given[0] == "run":
        given += ["--out", str(desk.folder / "no")]
    said = desk.call(*given)
    assert said.code == 2
    assert told in said.err
    assert said.err.count("\n") == 1
    assert said.out == ""


@pytest.mark.slow
def test_a_bad_recording_does_not_stop_the_others(desk: Desk, made: Said) -> None:
    folder = desk.folder / "many"
    folder.mkdir()
    (folder / "a.mp4").write_text("not a film")
    for name in ("talk.mp4", "talk.srt"):
        (folder / name).write_bytes((desk.folder / name).read_bytes())
    said = desk.call("run", folder, "--cut", "tiny", "--out", desk.folder / "many-out", "-q")
    assert said.code == 2
    assert "a.mp4" in said.err.splitlines()[-1]
    assert (desk.folder / "many-out" / "talk" / "index.html").is_file()


@pytest.mark.slow
def test_ctrl_c_stops_cleanly_and_a_rerun_goes_on(desk: Desk) -> None:
    other = Desk(desk.folder / "other")
    running = subprocess.Popen(
        [sys.executable, "-m", "repurpose", "run", other.recording, "--cut", "tiny", "--out", other.folder / "out"],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=other.environment, text=True,
    )  # fmt: skip
    assert running.stderr is not None
    guard = threading.Timer(120, running.kill)
    guard.start()
    first = running.stderr.readline()  # a stage has ended: others are under way
    running.send_signal(signal.SIGINT)
    _, rest = running.communicate()
    guard.cancel()
    assert first.startswith("✓"), first + rest
    assert running.returncode == 130, rest
    assert "goes on from there" in rest
    assert "Traceback" not in rest
    again = other.make("--json")
    assert again.code == 0, again.err
    assert first.split()[1] not in json.loads(again.out)["executed"]


def test_init_never_overwrites(desk: Desk) -> None:
    folder = desk.folder / "new"
    assert desk.call("init", folder).code == 0
    text = (folder / "event.toml").read_text("utf-8")
    assert "title" in text
    (folder / "event.toml").write_text("mine")
    assert desk.call("init", folder).code == 2
    assert (folder / "event.toml").read_text() == "mine"


def test_doctor_finds_this_machine_well(desk: Desk) -> None:
    said = desk.call("doctor")
    assert said.code == 0, said.out
    assert {line.split()[1] for line in said.out.splitlines()} >= {
        "python",
        "ffmpeg",
        "weights",
        "ocr",
        "fonts",
        "home",
    }
