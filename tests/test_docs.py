"""Nothing undocumented lands, and nothing documented is untrue.

`python -m tests.test_docs` writes presets/README.md anew from the presets' own fields.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from repurpose import presets

ROOT = Path(__file__).parent.parent
READMES = ("README.md", "README.zh-CN.md")
CODE = sorted([*(ROOT / "repurpose").rglob("*.py"), *(ROOT / "workers").rglob("*.py")])
KINDS = {
    "cuts/NAME.toml": presets.CutPreset,
    "renders/NAME.toml": presets.RenderPreset,
    "renders/NAME.toml: [slide], [speaker] and [alone]": presets.Zone,
    "renders/NAME.toml: [captions]": presets.CaptionStyle,
    "renders/NAME.toml: [title]": presets.TitleStyle,
    "renders/NAME.toml: [[limits]]": presets.Limit,
    "brands/NAME.toml": presets.BrandPreset,
    "channels/NAME.toml": presets.ChannelPreset,
    "posters.toml": presets.PostersPreset,
    "posters.toml: [[sizes]]": presets.PosterSize,
    "posters/NAME.toml": presets.PosterPreset,
    "posters/NAME.toml: tall, square, wide and banner": presets.PosterBlock,
    "motion.toml": presets.MotionPreset,
    "motions/NAME.toml, as posters/NAME.toml": presets.PosterPreset,
    "stream.toml": presets.StreamPreset,
    "summaries/NAME.toml": presets.SummaryPreset,
    "summaries/NAME.toml: [words.zh] and [words.en]": presets.SummaryWords,
    "transcribe.toml": presets.TranscribePreset,
    "slides.toml": presets.SlidesPreset,
    "highlights.toml": presets.HighlightsPreset,
    "experiments.toml": presets.ExperimentsPreset,
    "leads.toml": presets.LeadsPreset,
    "leads.toml: [[watched]]": presets.WatchedPoints,
    "leads.toml: [mql]": presets.MqlRule,
    "leads.toml: [rfe]": presets.RfeRule,
    "leads.toml: [[fit]]": presets.FitRule,
    "segments.toml": presets.SegmentsPreset,
    "segments.toml: [[segment]]": presets.SegmentRule,
}


def preset_tables() -> str:
    """presets/README.md: a table a preset kind, from the fields themselves."""
    parts = [
        "# Presets",
        "",
        "One TOML file each; what a file leaves out has the default below. A folder named by `REPURPOSE_PRESETS` (or `--presets`)",
        "overlays these, file by file: a new cut is a new file. Durations are written `90s`, `250ms`, `30min`, `1h` or `14d`.",
    ]
    for place, kind in KINDS.items():
        parts += ["", f"## {place}", "", "| field | default | meaning |", "|---|---|---|"]
        for name, field in kind.model_fields.items():
            if name == "name" and kind not in (presets.FitRule, presets.SegmentRule):
                continue
            default = "required" if field.is_required() else f"`{field.get_default(call_default_factory=True)!r}`"
            assert field.description, f"{kind.__name__}.{name} says nothing of itself"
            parts.append(f"| `{name}` | {default} | {field.description} |")
    return "\n".join(parts) + "\n"


def test_the_preset_tables_are_the_fields() -> None:
    assert (ROOT / "presets" / "README.md").read_text("utf-8") == preset_tables(), "run: python -m tests.test_docs"


@pytest.mark.parametrize("name", READMES)
def test_every_command_is_in_the_readme(name: str) -> None:
    from repurpose.cli import COMMANDS

    text = (ROOT / name).read_text("utf-8")
    for command in COMMANDS:
        assert f"`repurpose {command}" in text, f"{name} does not tell of `repurpose {command}`"
    for told in re.findall(r"`repurpose ([a-z]+)", text):
        assert told in COMMANDS, f"{name} tells of `repurpose {told}`, which is not there"


@pytest.mark.parametrize("name", READMES)
def test_every_setting_is_in_the_readme(name: str) -> None:
    source = (ROOT / "repurpose" / "settings.py").read_text("utf-8")
    told = set(re.findall(r"REPURPOSE_[A-Z_]+", (ROOT / name).read_text("utf-8")))
    read = {f"REPURPOSE_{word}" for word in re.findall(r'"REPURPOSE_([A-Z_]+)"', source)}
    assert read and read <= told, f"{name} leaves out {read - told}"


@pytest.mark.parametrize("name", READMES)
def test_links_and_make_targets_are_there(name: str) -> None:
    text = (ROOT / name).read_text("utf-8")
    for target in re.findall(r"\]\((?!https?://|#)([^)#]+)", text):
        assert (ROOT / target).exists(), f"{name} points at {target}, which is not there"
    targets = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE))
    for told in re.findall(r"`make ([a-z]+)", text):
        assert told in targets, f"{name} tells of `make {told}`, which is not there"


def test_the_changelog_tells_of_this_version() -> None:
    from repurpose import __version__

    assert f"## {__version__}" in (ROOT / "CHANGELOG.md").read_text("utf-8")


def unsaid(path: Path) -> Iterator[str]:
    tree, place = ast.parse(path.read_text("utf-8")), path.relative_to(ROOT)
    if tree.body and not ast.get_docstring(tree):
        yield f"{place}: say what this module holds"
    for node in tree.body:
        public = isinstance(node, ast.FunctionDef | ast.ClassDef) and not node.name.startswith("_")
        if public and not ast.get_docstring(node):
            yield f"{place}: {node.name} needs a docstring"


def test_whatever_is_public_says_what_it_is() -> None:
    assert [fault for path in CODE for fault in unsaid(path)] == []


if __name__ == "__main__":
    (ROOT / "presets" / "README.md").write_text(preset_tables(), "utf-8")
