"""The folder of presets -> presets: ours, overlaid by a user's file by file."""

from __future__ import annotations

import base64
from pathlib import Path

from repurpose.errors import BadPreset
from repurpose.presets.brands import BrandPreset
from repurpose.presets.channels import ChannelPreset, Channels
from repurpose.presets.cuts import CutPreset
from repurpose.presets.experiments import ExperimentsPreset
from repurpose.presets.leads import LeadsPreset
from repurpose.presets.motion import MotionPreset
from repurpose.presets.posters import PosterPreset, PostersPreset
from repurpose.presets.renders import RenderPreset
from repurpose.presets.segments import SegmentsPreset
from repurpose.presets.steps import HighlightsPreset, SlidesPreset, TranscribePreset
from repurpose.presets.stream import StreamPreset
from repurpose.presets.summaries import SummariesPreset, SummaryPreset
from repurpose.presets.toml import read
from repurpose.presets.whole import Presets

_PACKAGE = Path(__file__).parent.parent


def shipped() -> Path:
    """The presets folder that comes with the package (in the wheel) or with the checkout."""
    inside = _PACKAGE / "_data" / "presets"
    return inside if inside.is_dir() else _PACKAGE.parent / "presets"


def assets() -> Path:
    """The assets folder that comes with the package (in the wheel) or with the checkout."""
    inside = _PACKAGE / "_data" / "assets"
    return inside if inside.is_dir() else _PACKAGE.parent / "assets"


def load(overlay: Path | None = None) -> Presets:
    """All presets: ours, overlaid by the files of `overlay`. Raises BadPreset naming file, field and cure."""
    presets = Presets(
        cut={path.stem: read(path, CutPreset, name=path.stem) for path in _files("cuts", overlay)},
        render={path.stem: read(path, RenderPreset, name=path.stem) for path in _files("renders", overlay)},
        transcribe=read(_file("transcribe.toml", overlay), TranscribePreset),
        slides=read(_file("slides.toml", overlay), SlidesPreset),
        highlights=read(_file("highlights.toml", overlay), HighlightsPreset),
        posters=read(_file("posters.toml", overlay), PostersPreset, templates=_templates("posters", overlay)),
        motion=read(_file("motion.toml", overlay), MotionPreset, templates=_templates("motions", overlay)),
        stream=read(_file("stream.toml", overlay), StreamPreset),
        summaries=SummariesPreset(
            items={path.stem: read(path, SummaryPreset, name=path.stem) for path in _files("summaries", overlay)}
        ),
        channels=Channels(
            items={path.stem: read(path, ChannelPreset, name=path.stem) for path in _files("channels", overlay)}
        ),
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


def brand_names(overlay: Path | None = None) -> list[str]:
    """The names of all brands that a file tells."""
    return sorted(path.stem for path in _files("brands", overlay))


def load_leads(overlay: Path | None = None) -> LeadsPreset:
    """The rules of scores, stages and the funnel. No stage of a run knows them. Raises BadPreset naming file, field and cure."""
    return read(_file("leads.toml", overlay), LeadsPreset)


def load_experiments(overlay: Path | None = None) -> ExperimentsPreset:
    """How two titles or covers are compared. No stage of a run knows it. Raises BadPreset naming file, field and cure."""
    return read(_file("experiments.toml", overlay), ExperimentsPreset)


def load_segments(overlay: Path | None = None) -> SegmentsPreset:
    """What leads are tagged with, and the segments. No stage of a run knows them. Raises BadPreset naming file, field and cure."""
    return read(_file("segments.toml", overlay), SegmentsPreset)


def _templates(folder: str, overlay: Path | None) -> dict[str, PosterPreset]:
    """Every template in a folder, with the picture beside it inside: it travels with the preset."""
    found = {}
    for path in _files(folder, overlay):
        template = read(path, PosterPreset, name=path.stem)
        if template.picture:
            try:
                art = (path.parent / template.picture).read_bytes()
            except OSError:
                raise BadPreset(f"{path}: picture names {template.picture!r}, which is not beside it.") from None
            template = template.model_copy(update={"art": base64.b64encode(art).decode()})
        found[path.stem] = template
    return found


def _files(folder: str, overlay: Path | None) -> list[Path]:
    found = {path.name: path for path in sorted((shipped() / folder).glob("*.toml"))}
    if overlay is not None:
        found |= {path.name: path for path in sorted((overlay / folder).glob("*.toml"))}
    return [found[name] for name in sorted(found)]


def _file(name: str, overlay: Path | None) -> Path:
    return overlay / name if overlay is not None and (overlay / name).exists() else shipped() / name
