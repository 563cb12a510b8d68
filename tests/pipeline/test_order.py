"""Whatever the graph, the order and the number of workers: the same outputs, and no job done twice."""

from __future__ import annotations

import random
import tempfile
import threading
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from repurpose.context import Context
from repurpose.pipeline.execute import Ended
from repurpose.pipeline.local import run_locally
from repurpose.pipeline.run import Run
from repurpose.pipeline.stage import Job, Stage
from tests.pipeline import toy

FEW = settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.too_slow])


def like_workers(run: Run, seed: int) -> list[Ended]:
    """After each job, submit what became ready; the order is the broker's, and messages come twice."""
    dice, messages, ended = random.Random(seed), run.ready() * 2, []
    while messages:
        told = run.execute(messages.pop(dice.randrange(len(messages))))
        if told.state is not None:
            ended.append(told)
            messages += run.ready() * dice.choice((1, 2))
    return ended


@pytest.mark.slow
@FEW
@given(seed=st.integers(0, 10_000), rungs=st.integers(1, 4), takes=st.integers(1, 3), length=st.integers(1, 12))
def test_any_order_ends_in_the_same_and_duplicates_are_harmless(seed: int, rungs: int, takes: int, length: int) -> None:
    cuts = {}
    for rung in range(rungs):
        cuts |= toy.cuts(**{f"_{rung}": (2 ** (rungs - rung - 1), str(rung - 1) if rung else "", takes)})
    text = " ".join(f"word{n}" for n in range(length))
    with tempfile.TemporaryDirectory() as one, tempfile.TemporaryDirectory() as two:
        with toy.workplace(Path(one)) as place:
            local = toy.begin(place, text, chosen=toy.presets(cuts))
            run_locally(local)
            answer = {job: judged[:1] + judged[2:] for job, judged in local.look().items()}
        with toy.workplace(Path(two)) as place:
            spread = toy.begin(place, text, chosen=toy.presets(cuts))
            ended = like_workers(spread, seed)
            assert {job: judged[:1] + judged[2:] for job, judged in spread.look().items()} == answer
            done = [each.job for each in ended]
            assert len(done) == len(set(done))


def joined(graph: int) -> tuple[Stage, ...]:
    """A random graph of up to eight stages, each built on some of the earlier ones, from the bits of a number."""
    dice, made = random.Random(graph), list[Stage]()
    for n in range(dice.randint(1, 8)):
        needs = tuple(f"s{k}" for k in range(n) if dice.random() < 0.4)
        made.append(Stage(f"s{n}", joiner(n, needs), needs=(*needs, "source")))
    return tuple(made)


def joiner(n: int, needs: tuple[str, ...]) -> Callable[..., toy.Words]:
    def join(*, source: toy.Text, ctx: Context, **given: toy.Words) -> toy.Words:
        return toy.Words(words=(f"{n}", *(word for need in needs for word in given[need].words)))

    join.__annotations__ = {"source": toy.Text, "ctx": Context, "return": toy.Words} | dict.fromkeys(needs, toy.Words)
    return join


@pytest.mark.slow
@FEW
@given(graph=st.integers(0, 10_000), at_once=st.integers(1, 4))
def test_any_graph_is_done_whole_once(graph: int, at_once: int) -> None:
    with tempfile.TemporaryDirectory() as home, toy.workplace(Path(home)) as place:
        run = toy.begin(place, "x", graph=joined(graph))
        assert sorted(run_locally(run, jobs=at_once).executed) == sorted(run.jobs())
        assert run_locally(toy.begin(place, "x", graph=joined(graph))).executed == []


def test_two_runners_at_once_share_the_work(tmp_path: Path) -> None:
    text = toy.TALK + " slow"
    executed: list[Job] = []
    answers = []

    def work() -> None:
        with toy.workplace(tmp_path) as place:
            run = toy.begin(place, text)
            executed.extend(run_locally(run).executed)
            answers.append(run.judged(Job("whole")).output)

    threads = [threading.Thread(target=work) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(executed) == len(set(executed)) == 15 and len(set(answers)) == 1 and None not in answers
