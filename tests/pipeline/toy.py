"""A small graph with the project's shape, whose stages are quick and say what they were given."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from itertools import count
from pathlib import Path

from repurpose.context import Context
from repurpose.errors import NothingFits, ToolError
from repurpose.models import Blob, Model, Skips, Versions
from repurpose.pipeline.run import Run
from repurpose.pipeline.stage import Stage
from repurpose.pipeline.workplace import Workplace
from repurpose.presets import (
    CutPreset,
    HighlightsPreset,
    Presets,
    RenderPreset,
    SlidesPreset,
    TakePreset,
    TranscribePreset,
)
from repurpose.settings import Settings


class Text(Model):
    """A root: what was said."""

    text: str


class Likes(Model):
    """A root: word -> how often it was watched."""

    likes: Mapping[str, int] = {}


class Words(Model):
    words: tuple[str, ...]


class Takes(Model):
    """Per take the words of a cut."""

    takes: tuple[tuple[str, ...], ...]
    within: tuple[str, ...] | None


class Clip(Model):
    file: Blob


class Whole(Model):
    clips: dict[str, Clip]
    edls: dict[str, Words]
    skipped: Skips
    versions: Versions
    cuts: tuple[str, ...]


def listen(source: Text, preset: TranscribePreset, ctx: Context) -> Words:
    slow(source, ctx)
    return Words(words=tuple(word for word in source.text.split() if len(word) >= preset.beam and word != "slow"))


def look(source: Text, ctx: Context) -> Words:
    slow(source, ctx)
    return Words(words=tuple(sorted(source.text.split())))


def rank(words: Words, looks: Words, retention: Likes, ctx: Context) -> Words:
    return Words(words=tuple(sorted(words.words, key=lambda w: (-retention.likes.get(w, 0), -len(w), w))))


def fit(ranked: Words, parent: Takes | None, cut: CutPreset, ctx: Context) -> Takes:
    """As many words as the cut has seconds, for each take."""
    ctx.check()
    wanted = cut.at_most // 1000
    inside = [w for w in ranked.words if parent is None or any(w in take for take in parent.takes)]
    if len(inside) < wanted:
        raise NothingFits(f"{wanted} words wanted, {len(inside)} there")
    takes = [inside[k * wanted : (k + 1) * wanted] for k in range(cut.takes)]
    first = parent.takes[0] if parent else None
    return Takes(takes=tuple(tuple(take) for take in takes if len(take) == wanted), within=first)


def pick(edits: Takes, take: TakePreset, ctx: Context) -> Words:
    if take.take > len(edits.takes):
        raise NothingFits(f"only {len(edits.takes)} takes")
    return Words(words=edits.takes[take.take - 1])


def draw(source: Text, edl: Words, take: TakePreset, render: RenderPreset, ctx: Context) -> Clip:
    """A file with the words; a word "broken" cannot be drawn, a word "buggy" is our mistake."""
    if "broken" in edl.words:
        raise ToolError(["draw"], 1, "it broke")
    if "buggy" in edl.words:
        raise ZeroDivisionError("ours")
    draft = ctx.scratch / "clip.txt"
    with draft.open("w") as file:
        for word in edl.words:
            slow(source, ctx)
            file.write(f"{render.name}:{word}\n")
    return Clip(file=ctx.store.take_file(draft))


def pack(
    edl: dict[str, Words],
    clip: dict[str, Clip],
    skipped: Skips,
    versions: Versions,
    presets: Presets,
    ctx: Context,
) -> Whole:
    return Whole(clips=clip, edls=edl, skipped=skipped, versions=versions, cuts=tuple(sorted(presets.cut)))


def slow(source: Text, ctx: Context) -> None:
    """Work for a fraction of a second when the text asks for it, and listen for a stop as work does."""
    for step in range(10 if "slow" in source.text.split() else 1):
        ctx.beat(step / 10)
        if "slow" in source.text.split():
            time.sleep(0.005)


GRAPH = (
    Stage("words", listen, needs=("source",), uses="transcribe", queue="asr"),
    Stage("looks", look, needs=("source",)),
    Stage("ranked", rank, needs=("words", "looks", "retention")),
    Stage("edits", fit, needs=("ranked", "edits"), per="cut"),
    Stage("edl", pick, needs=("edits",), per="take"),
    Stage("clip", draw, needs=("source", "edl"), per="take x render", tools=("pen",), queue="video"),
    Stage("whole", pack, needs=("edl", "clip", "skipped", "versions", "presets")),
)
TOOLS = {"pen": "1.0"}
TALK = "we measured what most viewers actually keep watching until the end"


def cuts(**seconds: tuple[int, str, int]) -> dict[str, CutPreset]:
    """name=(seconds, within, takes), with `_` for a leading digit."""
    named = {name.lstrip("_"): given for name, given in seconds.items()}
    return {
        name: CutPreset(name=name, at_most=length * 1000, within=within, takes=takes)
        for name, (length, within, takes) in named.items()
    }


def presets(cut: Mapping[str, CutPreset] | None = None, *, beam: int = 1) -> Presets:
    return Presets(
        cut=dict(cut) if cut is not None else cuts(_5=(5, "", 1), _3=(3, "5", 1), _1=(1, "3", 2)),
        render={"landscape": RenderPreset(name="landscape"), "square": RenderPreset(name="square", width=9)},
        transcribe=TranscribePreset(beam=beam),
        slides=SlidesPreset(),
        highlights=HighlightsPreset(),
    )


def settings(home: Path) -> Settings:
    return Settings(home=home, database=f"sqlite:///{home / 'repurpose.db'}")


@contextmanager
def workplace(home: Path) -> Iterator[Workplace]:
    with Workplace(settings(home), threads=2) as place:
        yield place


def begin(
    place: Workplace,
    text: str = TALK,
    likes: Mapping[str, int] | None = None,
    chosen: Presets | None = None,
    *,
    name: str = "talk",
    graph: tuple[Stage, ...] = GRAPH,
    tools: Mapping[str, str] | None = None,
) -> Run:
    roots = {"source": Text(text=text), "retention": Likes(likes=dict(likes or {}))}
    return Run.open(place, name, roots, chosen or presets(), graph=graph, tools=tools or TOOLS)


class Gate:
    """A place in the middle of a stage where a test can make it wait: `arrived` says it is there, `go` lets it on."""

    def __init__(self) -> None:
        self.arrived, self.go = threading.Event(), threading.Event()

    def stage(self, name: str, needs: tuple[str, ...]) -> Stage:
        def hold(source: Text, ctx: Context) -> Words:
            self.arrived.set()
            for step in count():
                if self.go.wait(0.01):
                    break
                ctx.beat(step % 100 / 100)
            return Words(words=(source.text,))

        return Stage(name, hold, needs=needs)
