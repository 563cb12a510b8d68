"""Axes, variants and keys."""

from __future__ import annotations

import pytest

from repurpose.models import Model
from repurpose.pipeline.stage import Stage, importance, key_of, output_of, parameters_of, variants
from tests.pipeline import toy

PRESETS = toy.presets(toy.cuts(_1=(1, "5", 2), _5=(5, "", 1)))


def test_the_points_of_each_axis_come_longest_cut_first() -> None:
    assert list(variants("", PRESETS)) == [""]
    assert list(variants("cut", PRESETS)) == ["5", "1"]
    assert list(variants("take", PRESETS)) == ["5", "1-1", "1-2"]
    assert list(variants("take x render", PRESETS)) == ["5.landscape", "1-1.landscape", "1-2.landscape"]


def test_a_variant_knows_what_it_belongs_to_on_a_coarser_axis_only() -> None:
    clip = variants("take x render", PRESETS)["1-2.landscape"]
    assert [clip.on(axis) for axis in ("", "cut", "take", "take x render")] == ["", "1", "1-2", "1-2.landscape"]
    take = variants("take", PRESETS)["1-2"]
    assert [take.on(axis) for axis in ("", "cut", "take", "take x render")] == ["", "1", "1-2", None]


def test_a_job_is_given_the_presets_of_its_axis() -> None:
    clip = variants("take x render", PRESETS)["1-2.landscape"]
    assert set(clip.chosen(toy.GRAPH[5], PRESETS)) == {"take", "render"}
    assert set(variants("cut", PRESETS)["1"].chosen(toy.GRAPH[3], PRESETS)) == {"cut"}
    assert set(variants("", PRESETS)[""].chosen(toy.GRAPH[0], PRESETS)) == {"preset"}


@pytest.mark.parametrize(
    "other",
    [
        {"stage": Stage("b", toy.look)},
        {"stage": Stage("a", toy.look, version=2)},
        {"inputs": {"x": "2"}},
        {"inputs": {"y": "1"}},
        {"inputs": {"x": {"v": "1"}}},
        {"inputs": {"x": None}},
        {"presets": {"preset": PRESETS.slides}},
        {"stage": Stage("a", toy.look, tools=("pen",)), "tools": {"pen": "1"}},
    ],
)
def test_whatever_could_change_an_output_changes_its_key(other: dict[str, object]) -> None:
    plain: dict[str, object] = {"stage": Stage("a", toy.look), "inputs": {"x": "1"}, "presets": {}, "tools": {}}
    assert key_of(**plain) != key_of(**{**plain, **other})  # type: ignore[arg-type]
    assert key_of(**plain) == key_of(**{**plain, "tools": {"brush": "9"}})  # type: ignore[arg-type]  # not its tool


def test_the_types_of_a_function_are_read_from_its_signature() -> None:
    assert parameters_of(toy.GRAPH[3])["parent"] is toy.Takes
    assert parameters_of(toy.GRAPH[6])["clip"] is toy.Clip
    assert issubclass(output_of(toy.GRAPH[6]), Model)


def test_what_the_longest_way_starts_with_comes_first() -> None:
    reach = importance(toy.GRAPH)
    assert (
        reach["words"]
        > reach["looks"]
        > reach["ranked"]
        > reach["edits"]
        > reach["edl"]
        > reach["clip"]
        > reach["whole"]
    )
