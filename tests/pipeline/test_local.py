"""What a run does, what a second one does again, and what stops it."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest

from repurpose.errors import Cancelled
from repurpose.pipeline.local import Outcome, Progress, run_locally
from repurpose.pipeline.run import Run, runs_of
from repurpose.pipeline.stage import Job, Stage
from tests.pipeline import toy

WHOLE = Job("whole")


def stages(outcome: Outcome) -> set[str]:
    return {job.stage for job in outcome.executed}


def whole(run: Run) -> toy.Whole:
    made = run.result(WHOLE, toy.Whole)
    assert made is not None
    return made


def test_a_run_makes_everything_and_a_second_one_nothing(tmp_path: Path) -> None:
    with toy.workplace(tmp_path) as place:
        run = toy.begin(place)
        first = run_locally(run)
        assert sorted(first.executed) == sorted(run.jobs())
        assert not first.failed and not first.skipped
    with toy.workplace(tmp_path) as place:
        again = toy.begin(place)
        assert run_locally(again).executed == []
        assert whole(again) == whole(run)


def test_a_cut_lies_within_the_one_around_it(tmp_path: Path) -> None:
    with toy.workplace(tmp_path) as place:
        run = toy.begin(place)
        run_locally(run)
        edls = whole(run).edls
    assert set(edls["1-2"].words) < set(edls["3"].words) < set(edls["5"].words)
    assert set(edls) == {"5", "3", "1-1", "1-2"} and set(whole(run).clips) == {f"{take}.landscape" for take in edls}


def test_what_viewers_watched_never_makes_us_listen_again(tmp_path: Path) -> None:
    with toy.workplace(tmp_path) as place:
        run_locally(toy.begin(place))
        liked = run_locally(toy.begin(place, likes={"keep": 9}))
        assert "words" not in stages(liked) and "clip" in stages(liked)


def test_the_same_outcome_of_other_inputs_stops_the_rerun_there(tmp_path: Path) -> None:
    with toy.workplace(tmp_path) as place:
        run_locally(toy.begin(place))
        assert run_locally(toy.begin(place, likes={"absent": 1})).executed == [Job("ranked")]
        assert run_locally(toy.begin(place, chosen=toy.presets(beam=2))).executed[0] == Job("words")


def test_a_new_cut_runs_only_what_it_needs(tmp_path: Path) -> None:
    with toy.workplace(tmp_path) as place:
        run_locally(toy.begin(place))
        more = toy.presets(toy.cuts(_5=(5, "", 1), _3=(3, "5", 1), _1=(1, "3", 2), _2=(2, "5", 1)))
        made = run_locally(toy.begin(place, chosen=more)).executed
        assert sorted(made) == [Job("clip", "2.landscape"), Job("edits", "2"), Job("edl", "2"), WHOLE]


def test_another_version_of_a_tool_runs_its_stage_again_and_what_tells_of_versions(tmp_path: Path) -> None:
    with toy.workplace(tmp_path) as place:
        run_locally(toy.begin(place))
        assert stages(run_locally(toy.begin(place, tools={"pen": "2.0"}))) == {"clip", "whole"}


def test_a_bumped_version_runs_its_stage_again(tmp_path: Path) -> None:
    with toy.workplace(tmp_path) as place:
        run_locally(toy.begin(place))
        graph = tuple(each._replace(version=2) if each.name == "words" else each for each in toy.GRAPH)
        assert run_locally(toy.begin(place, graph=graph)).executed == [Job("words")]


def test_a_rung_that_cannot_be_made_stops_only_its_own_and_says_why(tmp_path: Path) -> None:
    rungs = toy.presets(toy.cuts(_99=(99, "", 1), _5=(5, "99", 1), _1=(1, "5", 3)))
    with toy.workplace(tmp_path) as place:
        run = toy.begin(place, chosen=rungs)
        outcome = run_locally(run)
        assert outcome.skipped == {Job("edits", "99"): "99 words wanted, 11 there"}
        assert run.judged(Job("clip", "99.landscape")).standing == "hopeless"
        assert [(each.stage, each.variant) for each in whole(run).skipped.items] == [("edits", "99")]
        assert set(whole(run).clips) == {"5.landscape", "1-1.landscape", "1-2.landscape", "1-3.landscape"}
        assert run_locally(toy.begin(place, chosen=rungs)).executed == []


def test_a_cut_whose_parent_cannot_be_made_is_chosen_from_the_nearest_one_around_it(tmp_path: Path) -> None:
    rungs = toy.presets(toy.cuts(_5=(5, "", 1), _99=(99, "5", 1), _2=(2, "99", 1)))
    with toy.workplace(tmp_path) as place:
        run = toy.begin(place, chosen=rungs)
        run_locally(run)
        five, two = run.result(Job("edits", "5"), toy.Takes), run.result(Job("edits", "2"), toy.Takes)
    assert five and two and two.within == five.takes[0]


@pytest.mark.parametrize(("word", "why"), [("broken", "draw ended with 1"), ("buggy", "ZeroDivisionError: ours")])
def test_a_failure_stops_only_what_is_built_on_it(tmp_path: Path, word: str, why: str) -> None:
    text = f"{toy.TALK} {word}"
    with toy.workplace(tmp_path) as place:
        run = toy.begin(
            place, text, likes={word: 9, "watching": 8, "measured": 7}, chosen=toy.presets(toy.cuts(_1=(1, "", 3)))
        )
        outcome = run_locally(run)
        (failed,) = outcome.failed
        assert failed == Job("clip", "1-1.landscape") and outcome.failed[failed].startswith(why)
        assert failed in outcome.errors
        assert set(whole(run).clips) == {"1-2.landscape", "1-3.landscape"}
        assert [each.variant for each in whole(run).skipped.items] == ["1-1.landscape"]


def test_what_failed_is_tried_once_a_run_and_again_in_the_next(tmp_path: Path) -> None:
    tried = []

    def fail(source: toy.Text, ctx: object) -> toy.Words:
        tried.append(source.text)
        raise ZeroDivisionError

    graph = (Stage("words", fail, needs=("source",)), Stage("looks", toy.look, needs=("words",)))
    with toy.workplace(tmp_path) as place:
        for times in (1, 2):
            outcome = run_locally(toy.begin(place, graph=graph))
            assert len(tried) == times and outcome.blocked == [Job("looks")]


@pytest.mark.slow
def test_a_stop_leaves_clean_rows_and_the_next_run_goes_on_from_there(tmp_path: Path) -> None:
    with toy.workplace(tmp_path) as place:
        run = toy.begin(place, toy.TALK + " slow")
        stop = threading.Event()
        heard: list[Progress] = []

        def report(progress: Progress) -> None:
            heard.append(progress)
            if progress.job.stage == "clip" and progress.state == "running":
                stop.set()

        with pytest.raises(Cancelled):
            run_locally(run, report, stop=stop)
        assert {row.state for row in run.rows().values()} <= {"done", "cancelled"}
        assert list(place.presence.scratch.iterdir()) == []
        done = {each.job for each in heard if each.state == "done"}
        rest = run_locally(toy.begin(place, toy.TALK + " slow"))
        assert not done & set(rest.executed) and done | set(rest.executed) == set(run.jobs())


def test_independent_stages_overlap(tmp_path: Path) -> None:
    one, other = toy.Gate(), toy.Gate()
    graph = (one.stage("words", ("source",)), other.stage("looks", ("source",)))
    with toy.workplace(tmp_path) as place:
        run = toy.begin(place, graph=graph)

        def release() -> None:
            if one.arrived.wait(10) and other.arrived.wait(10):  # both are at work before either may end
                one.go.set()
                other.go.set()

        thread = threading.Thread(target=release)
        thread.start()
        assert len(run_locally(run).executed) == 2
        thread.join()
        rows = run.rows()
        assert all(row.seconds is not None and row.worker == place.presence.worker for row in rows.values())


def test_another_name_shares_what_is_made(tmp_path: Path) -> None:
    with toy.workplace(tmp_path) as place:
        run_locally(toy.begin(place))
        other = toy.begin(place, name="other")
        assert run_locally(other).executed == [] and {row.name for row in runs_of(place)} == {"talk", "other"}
        assert Run.load(place, other.id, graph=toy.GRAPH, tools=toy.TOOLS).judged(WHOLE).standing == "done"


def test_what_is_gone_from_the_store_is_made_anew(tmp_path: Path) -> None:
    with toy.workplace(tmp_path) as place:
        run = toy.begin(place)
        run_locally(run)
        place.store.path(whole(run).clips["5.landscape"].file).unlink()
        # Both the clip and the package that speaks of it: the one is drawn again, the other then found to be as it was.
        assert run_locally(toy.begin(place)).executed == [Job("clip", "5.landscape"), WHOLE]
        again = toy.begin(place)
        assert whole(again) == whole(run) and run_locally(again).executed == []


def test_progress_tells_of_each_job_once_it_runs_and_once_it_ends(tmp_path: Path) -> None:
    heard: list[Progress] = []
    with toy.workplace(tmp_path) as place:
        run = toy.begin(place)
        run_locally(run, heard.append)
        assert sorted(each.job for each in heard if each.state == "done") == sorted(run.jobs())
        assert {each.job for each in heard if each.state == "running"} == set(run.jobs())
        heard.clear()
        run_locally(toy.begin(place), heard.append)
        assert heard == []
