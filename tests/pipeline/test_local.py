"""What a run does again, and what it does not."""

from __future__ import annotations

from pathlib import Path

from repurpose.pipeline.local import Outcome, run_locally
from repurpose.pipeline.run import Run
from repurpose.pipeline.stage import Job
from tests.pipeline import toy

WHOLE = Job("whole")


def work(run: Run) -> Outcome:
    return run_locally(run)


def stages(outcome: Outcome) -> set[str]:
    return {job.stage for job in outcome.executed}


def test_a_run_makes_everything_and_a_second_one_nothing(tmp_path: Path) -> None:
    with toy.workplace(tmp_path) as place:
        run = toy.begin(place)
        first = work(run)
        assert sorted(first.executed) == sorted(run.jobs()) and not first.failed and not first.skipped
        again = toy.begin(place)
        second = work(again)
        assert second.executed == []
        assert again.result(WHOLE, toy.Whole) == run.result(WHOLE, toy.Whole) is not None
