"""One recording's way through the graph: which jobs there are, what each is made from, and how each stands.

A run keeps nothing of its own but a memory of what is settled: the rows are the truth, so every process that loads the run
by its id sees the same.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Literal, NamedTuple, TypeVar

from repurpose.db import jobs as rows
from repurpose.db import runs as run_rows
from repurpose.db.jobs import JobRow
from repurpose.db.runs import RunRow
from repurpose.errors import UserError
from repurpose.models import Model, Skipped, Skips, Versions
from repurpose.pipeline.execute import Ended, Work, perform
from repurpose.pipeline.graph import GRAPH
from repurpose.pipeline.reap import mend
from repurpose.pipeline.stage import WEIGHT, Job, Stage, Variant, importance, key_of, variants
from repurpose.pipeline.tools import tool_versions
from repurpose.pipeline.workplace import Workplace
from repurpose.presets import Presets
from repurpose.store import canonical, digest_of

M = TypeVar("M", bound=Model)
Inputs = dict[str, str | dict[str, str] | None]  # parameter -> digest; many by variant; None where there is no parent
Standing = Literal["done", "skipped", "failed", "hopeless", "blocked", "running", "ready", "waiting"]
SETTLED = ("done", "skipped", "failed", "hopeless", "blocked")


class Judged(NamedTuple):
    """How a job stands: done, skipped (NothingFits) or failed by its row; hopeless when it is built on something skipped;
    blocked when on something failed; running when somebody holds it; ready; or waiting for its inputs."""

    standing: Standing
    key: str | None = None  # once all inputs are there
    output: str | None = None  # digest, when done
    why: str = ""


class Run:
    """Made by `open`, `load` or `named`. To be used from one thread; the work itself may be done in others (`work`)."""

    def __init__(
        self, place: Workplace, row: RunRow, *, graph: Sequence[Stage] = GRAPH, tools: Mapping[str, str] | None = None
    ) -> None:
        self.place, self.row, self.graph = place, row, tuple(graph)
        self.presets = place.store.get(row.presets, Presets)
        self.tools = dict(tool_versions(place.settings, self.presets.transcribe) if tools is None else tools)
        self.stages = {stage.name: stage for stage in self.graph}
        self._variants = {stage.name: variants(stage.per, self.presets, stage.only) for stage in self.graph}
        self._jobs = [Job(stage.name, variant) for stage in self.graph for variant in self._variants[stage.name]]
        self._reach = importance(self.graph)
        self._settled: dict[Job, Judged] = {}  # can no longer change while this run goes on
        self._now: dict[Job, Judged] = {}

    @classmethod
    def open(
        cls,
        place: Workplace,
        name: str,
        roots: Mapping[str, Model],
        presets: Presets,
        *,
        graph: Sequence[Stage] = GRAPH,
        tools: Mapping[str, str] | None = None,
    ) -> Run:
        """Begin, or begin again, the run of these roots. The same name and `source` is the same run, whatever else changed.

        What failed before may be tried again; what is no longer whole in the store counts as not made.
        """
        digests = {root: place.store.put(value) for root, value in roots.items()}
        run_id = digest_of(canonical([name, digests.get("source")]))[:16]
        row = run_rows.begin(place.engine, run_id, name, digests, place.store.put(presets))
        run = cls(place, row, graph=graph, tools=tools)
        mend(place, [judged.output for judged in run.look().values() if judged.output])
        run._settled = {}
        run.look()
        return run

    @classmethod
    def load(
        cls, place: Workplace, run_id: str, *, graph: Sequence[Stage] = GRAPH, tools: Mapping[str, str] | None = None
    ) -> Run:
        """The run of this id, as it stands. Raises UserError when there is none."""
        row = run_rows.load(place.engine, run_id)
        if row is None:
            raise UserError(f"There is no run {run_id!r} in this database. `repurpose status` lists the runs.")
        return cls(place, row, graph=graph, tools=tools)

    @classmethod
    def named(cls, place: Workplace, name: str) -> Run | None:
        """The run of this event that began last; None when there is none."""
        return next((cls(place, row) for row in runs_of(place) if row.name == name), None)

    @property
    def id(self) -> str:
        return self.row.id

    # -- what there is to do -------------------------------------------------------------------------------------------

    def jobs(self) -> list[Job]:
        """Every job, in an order that always works: the table's, and a longer cut before the ones inside it."""
        return list(self._jobs)

    def variant(self, job: Job) -> Variant:
        return self._variants[job.stage][job.variant]

    def weight(self, job: Job) -> float:
        """The job's share of the work as expected beforehand, to no particular scale."""
        cut = self.variant(job).cut
        length = cut.at_most / 300_000 if cut else 1.0
        return WEIGHT.get(self.stages[job.stage].queue, 1.0) * min(5.0, max(0.2, length))

    def look(self) -> dict[Job, Judged]:
        """How every job stands now."""
        known = rows.of_run(self.place.engine, self.id)
        self._now = dict(self._settled)
        for job in self._jobs:
            if job not in self._now:
                self._now[job] = judged = self._judge(job, known)
                if judged.standing in SETTLED:
                    self._settled[job] = judged
        return dict(self._now)

    def ready(self) -> list[Job]:
        """Jobs whose inputs are there, whose output is not, and which nobody holds; what should start first comes first.

        That is what the longest way to the end starts with; where that is equal, the table's order (longer cuts first).
        """
        ready = [job for job, judged in self.look().items() if judged.standing == "ready"]
        return sorted(sorted(ready, key=self._jobs.index), key=lambda job: -self._reach[job.stage])

    def judged(self, job: Job) -> Judged:
        """How the job stood when last looked at."""
        return self._now[job] if self._now else self.look()[job]

    def result(self, job: Job, kind: type[M]) -> M | None:
        """What the job made; None while it has not."""
        digest = self.judged(job).output
        return self.place.store.get(digest, kind) if digest else None

    def rows(self) -> dict[Job, JobRow]:
        """The row of every job that has one: states, progress, workers, starts and ends."""
        keys = {judged.key: job for job, judged in self.look().items() if judged.key}
        found = rows.find(self.place.engine, list(keys))
        return {job: found[key] for key, job in keys.items() if key in found}

    # -- doing it ------------------------------------------------------------------------------------------------------

    def work(self, job: Job) -> Work | None:
        """The job with all it takes to do it, for `perform` in any thread; None while an input is missing."""
        judged, stage = self.judged(job), self.stages[job.stage]
        if judged.key is None:
            return None
        told = {need: self._told(need) for need in stage.needs if need in TOLD}
        inputs = {name: found for name, found in self._inputs(job).items() if name not in told}
        given = told | self.variant(job).chosen(stage, self.presets)
        return Work(self.id, self.row.began, job, stage, judged.key, inputs, given)

    def execute(
        self,
        job: Job,
        progress: Callable[[float], None] = lambda done: None,
        check: Callable[[], None] = lambda: None,
    ) -> Ended:
        """Do one job here and now, unless it is settled, held or not ready. The one function every runner comes down to."""
        work = self.work(job) if self.look()[job].standing == "ready" else None
        return perform(self.place, work, progress, check) if work else Ended(job, None)

    # -- how it hangs together -----------------------------------------------------------------------------------------

    def _judge(self, job: Job, known: Mapping[str, JobRow]) -> Judged:
        before = self._before(job)
        if before is not None:
            return before
        stage = self.stages[job.stage]
        key = key_of(stage, self._inputs(job), self.variant(job).chosen(stage, self.presets), self.tools)
        row = known.get(key) or rows.find(self.place.engine, [key]).get(key)
        if row is None or rows.open_to_claim(row, self.row.began):
            return Judged("ready", key)
        if row.state == "running":
            return Judged("running", key)
        if row.state == "done":
            return Judged("done", key, row.output)
        return Judged("skipped" if row.state == "skipped" else "failed", key, why=row.reason)

    def _before(self, job: Job) -> Judged | None:
        """What keeps the job from being done, in the jobs it is built on; None when nothing does."""
        needed = [each for each in self._upstream(job).values() if isinstance(each, Job)]
        for stopped, then in (
            ("skipped", "hopeless"),
            ("hopeless", "hopeless"),
            ("failed", "blocked"),
            ("blocked", "blocked"),
        ):
            for each in needed:
                if self._now[each].standing == stopped:
                    return Judged(then, why=self._now[each].why)  # type: ignore[arg-type]
        many = [each for found in self._upstream(job).values() if isinstance(found, list) for each in found]
        if "skipped" in self.stages[job.stage].needs:  # tells of everything, so waits for everything
            many += [each for each in self._jobs if each.stage not in self._last()]
        settled = all(self._now[each].standing == "done" for each in needed) and all(
            self._now[each].standing in SETTLED for each in many
        )
        return None if settled else Judged("waiting")

    def _upstream(self, job: Job) -> dict[str, Job | list[Job] | None]:
        """What the job is built on, by parameter: one job, or all of a finer axis."""
        stage, found = self.stages[job.stage], dict[str, Job | list[Job] | None]()
        for need in stage.needs:
            if need == stage.name:
                found["parent"] = self._parent(job)
            elif need in self.stages:
                one = self.variant(job).on(self.stages[need].per)
                every = [Job(need, variant) for variant in self._variants[need]]
                found[need] = every if one is None else Job(need, one)
        return found

    def _parent(self, job: Job) -> Job | None:
        """The same stage for the nearest cut around this one that could be made; None for the whole recording."""
        cut = self.variant(job).cut
        while cut and cut.within:
            parent, cut = Job(job.stage, cut.within), self.presets.cut[cut.within]
            if self._now[parent].standing not in ("skipped", "hopeless"):
                return parent
        return None

    def _inputs(self, job: Job) -> Inputs:
        """Digests of contents by parameter, of a job that nothing keeps from being done."""
        found: Inputs = {need: self.row.roots[need] for need in self.stages[job.stage].needs if need in self.row.roots}
        found |= {need: digest_of(canonical(self._told(need))) for need in self.stages[job.stage].needs if need in TOLD}
        for need, upstream in self._upstream(job).items():
            if isinstance(upstream, list):
                made = {each.variant: self._now[each].output for each in upstream}
                found[need] = {variant: output for variant, output in made.items() if output}
            else:
                found[need] = upstream and self._now[upstream].output
        return found

    def _told(self, need: str) -> Model:
        if need == "presets":
            return self.presets
        if need == "versions":
            return Versions(items=self.tools)
        unmade = [(job, self._now[job]) for job in self._jobs if job in self._now]
        return Skips(
            items=tuple(
                Skipped(stage=job.stage, variant=job.variant, why=(judged.why.splitlines() or [""])[0])
                for job, judged in unmade
                if judged.standing in ("skipped", "failed")
                if job.stage not in self._last()
            )
        )

    def _last(self) -> set[str]:
        """The stages that tell of all the others, and what is built on them."""
        last: set[str] = set()
        for stage in self.graph:
            if "skipped" in stage.needs or last.intersection(stage.needs):
                last.add(stage.name)
        return last


TOLD = ("skipped", "versions", "presets")  # needs that the runner itself answers


def runs_of(place: Workplace) -> list[RunRow]:
    """Every run there is, the one that began last first."""
    return run_rows.all_runs(place.engine)
