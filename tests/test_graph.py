"""The table and the functions it names agree: every need has a parameter, every parameter a need, of the same type."""

from __future__ import annotations

import inspect
import subprocess
import sys

import pytest

from repurpose import presets
from repurpose.models import Brand, Choices, Event, Live, Model, Retention, Skips, Source, Translation, Versions
from repurpose.pipeline.graph import GRAPH
from repurpose.pipeline.run import TOLD
from repurpose.pipeline.stage import Stage, function_of, output_of, parameters_of, variants
from repurpose.pipeline.tools import tool_versions
from repurpose.presets import CutPreset, Presets, RenderPreset, TakePreset
from repurpose.settings import settings_from

ROOTS: dict[str, type[Model]] = {
    "source": Source, "event": Event, "live": Live, "choices": Choices, "retention": Retention, "brand": Brand,
    "translation": Translation,
    "skipped": Skips, "versions": Versions, "presets": Presets,
}  # fmt: skip
AXES: dict[str, dict[str, type[Model]]] = {
    "": {},
    "cut": {"cut": CutPreset},
    "take": {"take": TakePreset},
    "render": {"render": RenderPreset},
    "take x render": {"take": TakePreset, "render": RenderPreset},
}
STAGES = {stage.name: stage for stage in GRAPH}
LONG = presets.load().model_copy(update={"stream": presets.StreamPreset(at_least=600_000)})
each = pytest.mark.parametrize("stage", GRAPH, ids=lambda stage: stage.name)


@each
def test_a_function_takes_what_its_stage_needs_and_nothing_else(stage: Stage) -> None:
    wanted: dict[str, type[Model]] = {}
    for need in stage.needs:
        name = "parent" if need == stage.name else need
        wanted[name] = ROOTS[need] if need in ROOTS else output_of(STAGES[need])
    wanted |= AXES[stage.per]
    if stage.uses:
        wanted["preset"] = type(getattr(presets.load(), stage.uses))
    assert parameters_of(stage) == wanted
    assert set(inspect.signature(function_of(stage)).parameters) == {*wanted, "ctx"}


@each
def test_needs_come_from_above(stage: Stage) -> None:
    above = [before.name for before in GRAPH[: GRAPH.index(stage) + 1]]
    assert set(stage.needs) <= {*above, *ROOTS} and set(TOLD) <= set(ROOTS)


@each
def test_many_come_as_a_dict_and_one_as_itself(stage: Stage) -> None:
    there = variants(stage.per, LONG)
    one = next(iter(there.values()))
    for need in stage.needs:
        if need in STAGES and need != stage.name:
            hint = inspect.signature(function_of(stage), eval_str=True).parameters[need].annotation
            assert (getattr(hint, "__origin__", None) is dict) == (one.on(STAGES[need].per) is None), need


def test_every_tool_of_the_table_has_a_version() -> None:
    versions = tool_versions(settings_from({}), presets.load().transcribe)
    named = {tool for stage in GRAPH for tool in stage.tools}
    assert named <= set(versions) and "absent" not in {versions[tool] for tool in named}


def test_films_are_streamed_where_that_is_asked_for() -> None:
    streamed = [stage for stage in GRAPH if stage.only == "streamed"]
    assert {stage.name for stage in streamed} == {"replay_stream", "cut_stream"}
    assert not any(variants(stage.per, presets.load(), stage.only) for stage in streamed)
    asked = {stage.name: set(variants(stage.per, LONG, stage.only)) for stage in streamed}
    assert asked == {"replay_stream": {""}, "cut_stream": {"30min.landscape"}}  # no shorter one can be long enough


def test_names_are_given_once() -> None:
    assert len(STAGES) == len(GRAPH)


def test_the_table_costs_nothing_to_read() -> None:
    heavy = "{'av', 'cv2', 'numpy', 'faster_whisper', 'scenedetect', 'rapidocr', 'PIL', 'sqlalchemy'}"
    code = f"import sys, repurpose.pipeline.graph; print({heavy} & set(sys.modules))"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout == "set()\n"
