"""TOML -> presets; the only reader of presets/. A user's folder overlays ours, file by file.

A new cut, render or brand is a TOML file, not code. An unknown field is refused with the name it was probably meant to be.
"""

from __future__ import annotations

import datetime
import difflib
import re
import tomllib
from pathlib import Path
from typing import Annotated, Any, Literal, TypeVar, get_args

from pydantic import BeforeValidator, Field, ValidationError

from repurpose.errors import BadPreset
from repurpose.models import Colour, Model, Ms

P = TypeVar("P", bound=Model)
_UNITS = {"ms": 1, "s": 1000, "min": 60_000, "h": 3_600_000}


def duration(value: Any) -> Any:
    """`90s`, `1.2s`, `250ms`, `30min`, `1h` -> milliseconds; whole numbers pass as milliseconds."""
    if not isinstance(value, str):
        return value
    match = re.fullmatch(r"\s*(\d+(?:\.\d+)?)\s*(ms|s|min|h)\s*", value)
    if not match:
        raise ValueError(f"{value!r} is not a duration: write 90s, 250ms, 30min or 1h")
    return round(float(match[1]) * _UNITS[match[2]])


Duration = Annotated[Ms, BeforeValidator(duration)]


class CutPreset(Model):
    """presets/cuts/NAME.toml: one rung of the ladder."""

    name: str = Field(description="the file's name; set by the reader")
    label: str = Field("", description="what people call it, in Chinese")
    label_en: str = Field("", description="what people call it, in English")
    at_most: Duration = Field(description="longest length of the file")
    at_least: Duration = Field(0, ge=0, description="shortest length worth publishing; 0 means 5/6 of at_most")
    within: str = Field("", description="the longer cut this one is chosen from; empty: from the whole recording")
    takes: int = Field(1, ge=1, le=9, description="how many different ones to make")
    aim: Literal["cover", "story", "point", "hook"] = Field(
        "point", description="cover every chapter, tell the story, make one point, or be the hook"
    )
    tighten: Duration = Field(
        1200, ge=0, description="dead air inside a span longer than this is shortened; 0 leaves it"
    )
    fillers: bool = Field(True, description="cut filler words that stand between pauses")
    renders: tuple[str, ...] = Field(("landscape",), description="which renders to make of it")

    @property
    def floor(self) -> Ms:
        return self.at_least or self.at_most * 5 // 6


class TakePreset(Model):
    """One take of a cut; made from the cut's preset, not from a file."""

    name: str = Field(description="the cut's name, and -1, -2, ... where there are several takes")
    cut: str = Field(description="the cut it is a take of")
    take: int = Field(ge=1, description="which one, counted from 1")
    renders: tuple[str, ...] = Field(description="which renders to make of it")


class Zone(Model):
    """A band of the drawn picture, over its whole width unless said otherwise. Even pixels."""

    top: int = Field(ge=0, description="pixels from the top")
    height: int = Field(gt=0, description="pixels")
    left: int = Field(0, ge=0, description="pixels from the left")
    width: int = Field(0, ge=0, description="pixels; 0 reaches to the right edge")


class CaptionStyle(Model):
    """How burned-in captions look. What is said is drawn by libass, lines are broken by us."""

    size: int = Field(64, ge=44, le=160, description="height of a line's type, in pixels")
    top: int = Field(description="first row captions may use")
    bottom: int = Field(description="row they stand on")
    aside_top: int = Field(0, description="first row to use instead where a face is in the way; 0: they stay")
    aside_bottom: int = Field(0, description="row they stand on then")
    signs: int = Field(14, ge=6, description="Chinese characters a line at most")
    letters: int = Field(28, ge=12, description="Latin letters a line at most")
    outline: int = Field(6, ge=0, description="pixels of outline around the type")
    plate: bool = Field(False, description="a dark plate behind the lines instead of the outline")


class TitleStyle(Model):
    """The point of the clip, over the picture."""

    size: int = Field(60, ge=44, description="height of a line's type, in pixels")
    top: int = Field(description="first row of its plate")
    height: int = Field(description="pixels its plate may take")
    stays: Duration = Field(4000, ge=0, description="how long it is shown; 0 for the whole clip")


class Limit(Model):
    """One limit of the channel the render is for, with where it was read."""

    what: str = Field(description="what is limited, such as length or bytes")
    value: str = Field(description="the limit, in words")
    source: str = Field(description="where it was read")
    date: datetime.date = Field(description="when it was read")


class RenderPreset(Model):
    """presets/renders/NAME.toml: how a cut is drawn. With `width` and `height` and a zone it is laid out anew."""

    name: str = Field(description="the file's name; set by the reader")
    label: str = Field("", description="what people call it, in Chinese")
    label_en: str = Field("", description="what people call it, in English")
    width: int = Field(0, ge=0, description="pixels; 0 keeps the recording's")
    height: int = Field(0, ge=0, description="pixels; 0 keeps the recording's")
    crf: int = Field(20, ge=10, le=40, description="x264 quality of encoded parts; lower is better")
    speed: str = Field("veryfast", description="x264 preset of encoded parts")
    loudness: float = Field(-16.0, ge=-30, le=-8, description="LUFS of the whole file")
    true_peak: float = Field(-1.5, ge=-9, le=0, description="dBTP, never above")
    fade: Duration = Field(12, ge=0, le=100, description="audio fade at each joint")
    slide: Zone | None = Field(None, description="where a slide is shown, whole")
    speaker: Zone | None = Field(None, description="where the speaker is shown beside a slide")
    alone: Zone | None = Field(
        None, description="where the speaker is shown without a slide, and a slide without a speaker"
    )
    captions: CaptionStyle | None = Field(None, description="captions burned into the picture")
    title: TitleStyle | None = Field(None, description="the point of the clip, over the picture")
    progress: bool = Field(False, description="a thin line that grows with the clip")
    safe_top: int = Field(0, ge=0, description="rows at the top that the channel's own buttons cover")
    safe_bottom: int = Field(0, ge=0, description="rows at the bottom that they cover")
    safe_side: int = Field(0, ge=0, description="columns on either side without text")
    branded: bool = Field(True, description="logo, lower thirds, bumpers and code; false for channels that punish them")
    intro: Duration = Field(0, ge=0, description="bumper before the clip")
    outro: Duration = Field(0, ge=0, description="bumper with call to action and code after the clip")
    end_card: Duration = Field(0, ge=0, description="call to action and code over the clip's last moments")
    at_most: Duration = Field(0, ge=0, description="longest file the channel takes; 0: any")
    at_most_bytes: int = Field(0, ge=0, description="largest file the channel takes; 0: any")
    music: bool = Field(False, description="the brand's music under the speech")
    ai_label: bool = Field(False, description="label the file as made with AI, in the picture and in its metadata")
    limits: tuple[Limit, ...] = Field((), description="the channel's limits, each with source and date")

    @property
    def drawn(self) -> bool:
        """Is it laid out anew, frame by frame?"""
        return self.alone is not None


class BrandPreset(Model):
    """presets/brands/NAME.toml: a brand's look. Files it names lie beside it or are paths."""

    name: str = Field(description="the file's name; set by the reader")
    ink: Colour = Field("#0E1525", description="text on light ground")
    paper: Colour = Field("#FAF8F4", description="light ground")
    signal: Colour = Field("#2457F5", description="accent")
    warm: Colour = Field("#FF6A3D", description="second accent")
    on_dark: Colour = Field("#F5F7FC", description="text on dark ground")
    quiet: Colour = Field("#B9C3D9", description="secondary text on dark ground")
    spoken: Colour = Field("#FFD84D", description="the word being said")
    ground: tuple[Colour, Colour] = Field(("#0B1020", "#16213E"), description="dark gradient, from and to")
    font: str = Field("", description="a font file (ttf, otf) with Chinese and Latin; empty: Noto Sans CJK SC")
    logo: str = Field("", description="a png with transparency; empty: none")
    corner: Literal["", "top-left", "top-right", "bottom-left", "bottom-right"] = Field(
        "top-left", description="where the logo stands; empty: nowhere"
    )
    intro: bool = Field(True, description="a bumper before the clip, where the render has room for one")
    outro: bool = Field(True, description="a bumper with call to action and code after it")
    music: str = Field("", description="a sound file to lay under the speech; empty: none")
    sting: str = Field("", description="a short sound for bumpers; empty: none")
    cta: str = Field("", description="call to action in Chinese; empty: the event's, else a plain one")
    cta_en: str = Field("", description="call to action in English")
    link: str = Field("", description="where the code leads; empty: the event's link")


class TranscribePreset(Model):
    """presets/transcribe.toml: who listens, and how."""

    backend: Literal["faster_whisper", "openai_whisper"] = Field("faster_whisper", description="which library listens")
    model: str = Field(
        "base", description="a size (base, small, medium, large-v3-turbo) or a folder of CTranslate2 weights"
    )
    beam: int = Field(1, ge=1, le=10, description="beam size; 1 is greedy and fastest")
    batch: int = Field(4, ge=1, le=64, description="windows decoded together")
    window: Duration = Field(300_000, ge=60_000, description="audio held in memory at once")


class SlidesPreset(Model):
    """presets/slides.toml: when a picture counts as a page."""

    stable: Duration = Field(1500, ge=0, description="a page must stand at least this long")
    ocr: bool = Field(True, description="read the text on the pages")


class HighlightsPreset(Model):
    """presets/highlights.toml: the weight of each signal, and the cue phrases."""

    weights: dict[str, float] = Field(
        default_factory=dict, description="signal -> weight; a missing signal weighs nothing"
    )
    cues: dict[str, tuple[str, ...]] = Field(
        default_factory=dict, description="language -> phrases that announce something worth hearing"
    )
    greetings: dict[str, tuple[str, ...]] = Field(
        default_factory=dict, description="language -> phrases of welcome and farewell"
    )
    housekeeping: dict[str, tuple[str, ...]] = Field(
        default_factory=dict, description="language -> phrases about sound, links, breaks"
    )
    fillers: dict[str, tuple[str, ...]] = Field(
        default_factory=dict, description="language -> words that carry nothing"
    )
    chapter_at_least: Duration = Field(120_000, ge=10_000, description="shortest chapter")
    chapter_at_most: Duration = Field(600_000, ge=60_000, description="longest chapter")


class Presets(Model):
    """Every preset in force for a run, as data: part of the key of each stage that uses it."""

    cut: dict[str, CutPreset]
    render: dict[str, RenderPreset]
    transcribe: TranscribePreset
    slides: SlidesPreset
    highlights: HighlightsPreset

    def rungs(self) -> list[CutPreset]:
        """The cuts, each after the one it lies within; longest first. Raises BadPreset for a circle."""
        return sorted(self.cut.values(), key=lambda cut: (self._depth(cut.name), -cut.at_most, cut.name))

    def takes(self) -> list[TakePreset]:
        """Every take of every cut, in the order of the rungs."""
        return [
            TakePreset(name=f"{cut.name}-{k}" if cut.takes > 1 else cut.name, cut=cut.name, take=k, renders=cut.renders)
            for cut in self.rungs()
            for k in range(1, cut.takes + 1)
        ]

    def with_room(self, cut: CutPreset) -> CutPreset:
        """The cut as it is chosen: shorter by what the bumpers of its renders add, so that every file keeps `at_most`."""
        added = max((self.render[name].intro + self.render[name].outro for name in cut.renders), default=0)
        return cut.model_copy(update={"at_most": cut.at_most - added, "at_least": cut.floor}) if added else cut

    def _depth(self, name: str) -> int:
        seen: list[str] = []
        while name:
            if name in seen:
                raise BadPreset(
                    f"presets/cuts: {' within '.join([*seen, name])} is a circle. One of them must lie within a longer cut."
                )
            seen.append(name)
            name = self.cut[name].within
        return len(seen)


def shipped() -> Path:
    """The presets folder that comes with the package (in the wheel) or with the checkout."""
    inside = Path(__file__).parent / "_data" / "presets"
    return inside if inside.is_dir() else Path(__file__).parent.parent / "presets"


def assets() -> Path:
    """The assets folder that comes with the package (in the wheel) or with the checkout."""
    inside = Path(__file__).parent / "_data" / "assets"
    return inside if inside.is_dir() else Path(__file__).parent.parent / "assets"


def load(overlay: Path | None = None) -> Presets:
    """All presets: ours, overlaid by the files of `overlay`. Raises BadPreset naming file, field and cure."""
    presets = Presets(
        cut={path.stem: read(path, CutPreset, name=path.stem) for path in _files("cuts", overlay)},
        render={path.stem: read(path, RenderPreset, name=path.stem) for path in _files("renders", overlay)},
        transcribe=read(_file("transcribe.toml", overlay), TranscribePreset),
        slides=read(_file("slides.toml", overlay), SlidesPreset),
        highlights=read(_file("highlights.toml", overlay), HighlightsPreset),
    )
    for cut in presets.cut.values():
        for field, names, there in (
            ("within", (cut.within,) if cut.within else (), presets.cut),
            ("renders", cut.renders, presets.render),
        ):
            for name in names:
                if name not in there:
                    raise BadPreset(
                        f"presets/cuts/{cut.name}.toml: {field} names {name!r}, which is not there. There are: {', '.join(sorted(there))}."
                    )
    presets.rungs()
    return presets


def load_brand(name: str, overlay: Path | None = None) -> tuple[BrandPreset, Path]:
    """A brand, and the folder its files lie in. Raises BadPreset when there is none of this name."""
    there = {path.stem: path for path in _files("brands", overlay)}
    if name not in there:
        raise BadPreset(
            f"brand {name!r}: there is no presets/brands/{name}.toml. There are: {', '.join(sorted(there))}."
        )
    return read(there[name], BrandPreset, name=name), there[name].parent


def read(path: Path, kind: type[P], **given: Any) -> P:
    """One TOML file as a `kind`. Raises BadPreset: `cuts/90s.toml: 'at_mots' is not a field. Did you mean 'at_most'?`"""
    try:
        data = tomllib.loads(path.read_text("utf-8"))
    except FileNotFoundError:
        raise BadPreset(f"{path}: no such file.") from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise BadPreset(f"{path}: not valid TOML ({error}).") from None
    try:
        return kind.model_validate({**data, **given})
    except ValidationError as error:
        raise BadPreset(f"{path}: {_first_fault(error, kind)}") from None


def _first_fault(error: ValidationError, kind: type[Model]) -> str:
    fault = error.errors()[0]
    where = ".".join(map(str, fault["loc"])) or "the file"
    if fault["type"] == "extra_forbidden":
        fields = _fields(kind, fault["loc"][:-1])
        close = difflib.get_close_matches(str(fault["loc"][-1]), fields, 1)
        return f"'{where}' is not a field." + (
            f" Did you mean '{close[0]}'?" if close else f" There are: {', '.join(fields)}."
        )
    if fault["type"] == "missing":
        return f"'{where}' is missing. {kind.model_fields[where].description if where in kind.model_fields else ''}".rstrip()
    return f"{where}: {fault['msg'].removeprefix('Value error, ')}."


def _fields(kind: type[Model], path: tuple[int | str, ...]) -> list[str]:
    """The field names of the model that lies at `path` inside a `kind`."""
    for step in path:
        if isinstance(step, str) and step in kind.model_fields:
            held = kind.model_fields[step].annotation
            inner = [held, *get_args(held)]
            kind = next((model for model in inner if isinstance(model, type) and issubclass(model, Model)), kind)
    return list(kind.model_fields)


def _files(folder: str, overlay: Path | None) -> list[Path]:
    found = {path.name: path for path in sorted((shipped() / folder).glob("*.toml"))}
    if overlay is not None:
        found |= {path.name: path for path in sorted((overlay / folder).glob("*.toml"))}
    return [found[name] for name in sorted(found)]


def _file(name: str, overlay: Path | None) -> Path:
    return overlay / name if overlay is not None and (overlay / name).exists() else shipped() / name
