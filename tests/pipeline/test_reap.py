"""What the dead leave behind is found, done again and cleaned away; what the living hold is left alone."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from sqlalchemy import update

from repurpose.db import jobs as rows
from repurpose.db import tables
from repurpose.db.session import writing
from repurpose.errors import Cancelled, UserError
from repurpose.pipeline.local import run_locally
from repurpose.pipeline.reap import reap, sweep
from repurpose.pipeline.run import Run
from repurpose.pipeline.stage import Job
from repurpose.pipeline.workplace import Workplace
from tests.pipeline import toy

ROOT = Path(__file__).parent.parent.parent
HOLDER = """
import sys; from pathlib import Path; from tests.pipeline import toy
from repurpose.models import Model
with toy.workplace(Path(sys.argv[1])) as place:
    run = toy.begin(place)
    def hold(progress):
        place.store.put_bytes(b"litter", ".txt"); (place.presence.scratch / "left").touch()
        print("holding", flush=True); sys.stdin.read()
    run.execute(run.ready()[0], progress=hold)
"""


@contextmanager
def holder(home: Path) -> Iterator[subprocess.Popen[str]]:
    """Another process that holds the first job of the toy run, with a file put that no row knows."""
    command = [sys.executable, "-c", HOLDER, str(home)]
    child = subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    try:
        assert child.stdout and child.stdout.readline() == "holding\n"
        yield child
    finally:
        child.kill()
        child.communicate()


def die(child: subprocess.Popen[str]) -> None:
    os.kill(child.pid, signal.SIGKILL)
    child.wait()


def files(home: Path) -> set[str]:
    return {path.name for path in (home / "store").rglob("*") if path.is_file()}


def known(run: Run) -> set[str]:
    """Every digest the rows of a run lead to."""
    place = run.place
    found = {run.row.presets, *run.row.roots.values()}
    for judged in run.look().values():
        found.add(judged.output or "")
    clips = [run.result(job, toy.Clip) for job in run.jobs() if job.stage == "clip"]
    return {digest for digest in found if digest} | {clip.file.digest for clip in clips if clip and place}


@pytest.mark.slow
def test_a_dead_workers_job_is_done_again_and_its_files_are_gone(tmp_path: Path) -> None:
    with holder(tmp_path) as child:
        die(child)
    with toy.workplace(tmp_path) as place:
        run = toy.begin(place)
        outcome = run_locally(run)
        assert sorted(outcome.executed) == sorted(run.jobs())
        assert sorted(row.attempt for row in run.rows().values()) == [1] * 14 + [2]
        left = known(run)
    assert {name[:64] for name in files(tmp_path)} == left
    assert {path.name for path in (tmp_path / "scratch").iterdir()} == {"gate"}


@pytest.mark.slow
def test_the_living_keep_their_jobs_and_their_files(tmp_path: Path) -> None:
    with holder(tmp_path) as child, toy.workplace(tmp_path) as place:
        place.presence.litter()
        assert reap(place) == [] and sweep(place) == 0
        (held,) = rows.running(place.engine)
        assert any(name.startswith("93ebe0") or name.endswith(".txt") for name in files(tmp_path))
        die(child)
        assert [row.key for row in reap(place)] == [held.key]
        assert sweep(place) >= 1 and not any(name.endswith(".txt") for name in files(tmp_path))


def test_a_worker_that_fell_silent_loses_its_job_and_may_not_finish_it(tmp_path: Path) -> None:
    with toy.workplace(tmp_path) as place, toy.workplace(tmp_path) as other:
        run = toy.begin(place)
        job = run.ready()[0]

        def fall_silent(progress: float) -> None:
            with writing(place.engine) as connection:
                connection.execute(update(tables.jobs).values(lease_until=1))
            assert len(reap(other)) == 1
            assert Run.load(other, run.id, graph=toy.GRAPH, tools=toy.TOOLS).execute(job).state == "done"

        assert run.execute(job, progress=fall_silent).state is None
        assert run.rows()[job].worker == other.presence.worker and run.rows()[job].attempt == 2


@pytest.mark.slow
def test_a_job_is_told_that_it_is_no_longer_ours(tmp_path: Path) -> None:
    gate = toy.Gate()
    with toy.workplace(tmp_path) as place:
        run = toy.begin(place, graph=(gate.stage("words", ("source",)),))

        def lose(progress: float) -> None:
            rows.take_back(place.engine, rows.running(place.engine))

        ended = run.execute(Job("words"), progress=lose)  # never let on: only losing the row ends it
        assert ended.state is None and isinstance(ended.error, Cancelled)


def test_nobody_sweeps_while_a_guest_takes_something_in(tmp_path: Path) -> None:
    with toy.workplace(tmp_path) as guest:
        blob = guest.store.put_bytes(b"just taken in", ".mp4")
        with toy.workplace(tmp_path) as place:
            place.presence.litter()
            assert sweep(place) == 0
        assert guest.store.path(blob).exists()
    assert not (tmp_path / "scratch" / "litter").exists()
    assert files(tmp_path) == set()


def test_what_was_taken_in_before_it_went_wrong_is_not_kept(tmp_path: Path) -> None:
    with pytest.raises(KeyboardInterrupt), toy.workplace(tmp_path) as place:
        place.store.put_bytes(b"just taken in", ".mp4")
        raise KeyboardInterrupt
    assert files(tmp_path) == set()
    assert {path.name for path in (tmp_path / "scratch").iterdir()} == {"gate"}


def test_long_lived_workers_do_not_stand_in_the_way_of_a_sweep(tmp_path: Path) -> None:
    worker = Workplace(toy.settings(tmp_path), guest=False)
    with toy.workplace(tmp_path) as place:
        place.store.put_bytes(b"litter", ".txt")
        place.presence.litter()
        assert sweep(place) == 1
    worker.close()


def test_a_home_that_cannot_be_written_to_is_said_so(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(UserError, match="REPURPOSE_HOME"):
        Workplace(toy.settings(tmp_path / "file" / "home"))
