"""What a stage and a job are, which jobs a stage has, and the key that names a job's output."""

from __future__ import annotations

import importlib
import types
import typing
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Literal, NamedTuple

from repurpose.models import Model
from repurpose.presets import CutPreset, Presets, RenderPreset, TakePreset
from repurpose.store import canonical, digest_of

Axis = Literal["", "cut", "take", "render", "take x render"]
# Renders that keep the recording's picture, or that lay it out anew; and what may be asked for as HLS: the recording and plain ones.
Kind = Literal["", "plain", "drawn", "streamed"]


class Stage(NamedTuple):
    """One line of the table."""

    name: str
    run: (
        str | Callable[..., Model]
    )  # "folder.module:function", imported when it first runs so that the table costs nothing
    version: int = 1  # bump when the same inputs would now give another output
    needs: tuple[str, ...] = ()  # stages and roots, each given to the parameter of its name; itself: `parent`
    per: Axis = ""  # once a recording, or once for each cut, each take, each render, each take and render
    only: Kind = ""  # of these only where there is one of this kind
    uses: str = ""  # a single preset, given to the parameter `preset`
    tools: tuple[str, ...] = ()  # programs and models whose version belongs in the key
    queue: str = "cpu"  # which workers take it; and how long it is likely to be


class Job(NamedTuple):
    """One stage for one variant; the variant is "" where the stage is once a recording."""

    stage: str
    variant: str = ""

    def __str__(self) -> str:
        return f"{self.stage} {self.variant}".rstrip()


class Variant(NamedTuple):
    """One point on an axis, with its presets."""

    name: str
    cut: CutPreset | None = None
    take: TakePreset | None = None
    render: RenderPreset | None = None

    def on(self, axis: Axis) -> str | None:
        """The variant of `axis` this one belongs to; None when that axis is finer than ours: there are many."""
        if axis == "":
            return ""
        if axis == "cut":
            return self.cut.name if self.cut else None
        if axis == "take":
            return self.take.name if self.take else None
        if axis == "render":
            return self.render.name if self.render else None
        return self.name if self.take and self.render else None

    def chosen(self, stage: Stage, presets: Presets) -> dict[str, Model]:
        """The presets a job of `stage` is given, by parameter."""
        given: dict[str, Model | None] = {"preset": getattr(presets, stage.uses) if stage.uses else None}
        if stage.per == "cut":
            given["cut"] = self.cut
        else:
            given |= {"take": self.take, "render": self.render}
        return {name: preset for name, preset in given.items() if preset is not None}


def variants(axis: Axis, presets: Presets, only: Kind = "") -> dict[str, Variant]:
    """Every point of an axis by name, longer cuts before the ones inside them."""
    if only == "streamed" and not presets.stream.at_least:
        return {}
    if axis == "":
        return {"": Variant("")}
    if axis == "cut":
        return {cut.name: Variant(cut.name, cut) for cut in map(presets.with_room, presets.rungs())}
    takes = [Variant(take.name, presets.cut[take.cut], take) for take in presets.takes()]
    both = [
        take._replace(name=f"{take.name}.{render}", render=presets.render[render])
        for take in takes
        if take.take
        for render in take.take.renders
        if only in ("", *(("drawn",) if presets.render[render].drawn else ("plain", "streamed")))
        if only != "streamed" or presets.cut[take.take.cut].at_most >= presets.stream.at_least
    ]
    if axis == "take":
        drawn = {variant.take for variant in both}
        return {take.name: take for take in takes if not only or take.take in drawn}
    if axis == "render":
        return {each.render.name: Variant(each.render.name, render=each.render) for each in both if each.render}
    return {each.name: each for each in both}


def key_of(stage: Stage, inputs: Mapping[str, Any], presets: Mapping[str, Model], tools: Mapping[str, str]) -> str:
    """The name of an output before it is made: whatever could change it is in here, and nothing else.

    `inputs` are digests of contents by parameter. Contents, not keys: when a stage runs again and makes the same as before,
    what follows it stays done (early cutoff).
    """
    chosen = {name: preset.model_dump(mode="json") for name, preset in presets.items()}
    versions = {tool: tools[tool] for tool in stage.tools}
    return digest_of(canonical([stage.name, stage.version, dict(inputs), chosen, versions]))


def function_of(stage: Stage) -> Callable[..., Model]:
    """The function a stage runs."""
    if not isinstance(stage.run, str):
        return stage.run
    module, _, name = stage.run.partition(":")
    found: Callable[..., Model] = getattr(importlib.import_module(f"repurpose.{module}"), name)
    return found


def parameters_of(stage: Stage) -> dict[str, type[Model]]:
    """What the function takes: parameter -> the artifact it is, or holds many of (`dict[str, X]` and `X | None` give X)."""
    hints = typing.get_type_hints(function_of(stage))
    return {name: _kind(hint) for name, hint in hints.items() if name not in ("ctx", "return")}


def output_of(stage: Stage) -> type[Model]:
    """The artifact a stage makes."""
    kind: type[Model] = typing.get_type_hints(function_of(stage))["return"]
    return kind


def _kind(hint: Any) -> type[Model]:
    if isinstance(hint, types.UnionType):
        hint = next(part for part in hint.__args__ if part is not type(None))
    elif isinstance(hint, types.GenericAlias) or typing.get_origin(hint) in (dict, Mapping):
        hint = typing.get_args(hint)[1]
    kind: type[Model] = hint
    return kind


def importance(graph: Sequence[Stage]) -> dict[str, float]:
    """Stage -> the expected work on the longest way from it to the end: what should start first."""
    reach: dict[str, float] = {}
    for stage in reversed(graph):
        after = [reach[later.name] for later in graph if stage.name in later.needs and later.name in reach]
        reach[stage.name] = WEIGHT.get(stage.queue, 1.0) + max(after, default=0.0)
    return reach


WEIGHT = {"asr": 30.0, "video": 5.0}  # by queue; what else there is counts 1
