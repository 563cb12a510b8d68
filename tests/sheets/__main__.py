"""Contact sheets of every render, in both languages: assets/docs/films-zh.jpg and films-en.jpg.

python -m tests.sheets             # both
python -m tests.sheets en          # one

The Chinese one is made of the sample webinar, the English one of the minute that `talk.py` draws. Films are made as
`repurpose run` makes them, in REPURPOSE_HOME where it is set: what lies there is not made again.
"""

from __future__ import annotations

import argparse
import io
import os
import tempfile
from collections.abc import Sequence
from pathlib import Path

import cv2
from PIL import Image, ImageDraw

from repurpose import presets
from repurpose.media.frames import still
from repurpose.text.fonts import font_of
from tests.films import ROOT, SAMPLE, Film, films, run
from tests.sheets.talk import make_talk

SHEETS = ROOT / "assets" / "docs"
HIGH, GAP, MARGIN, LABEL = 420, 12, 40, 30  # pixels
MOST_BYTES = 350_000
INK, PAPER, GREY = "#0E1525", "#FAF8F4", "#5B6579"
ROWS = (("vertical", "moments"), ("douyin", "portrait67"), ("square", "landscape"))
# Of each render, where to look: in its first bumper, at these shares of what is said, just before its end.
LOOKS: dict[str, tuple[float | str, ...]] = {
    "vertical": ("intro", 0.03, 0.62, "end"),
    "moments": (0.12, 0.55, "end"),
    "douyin": (0.03, 0.34, 0.8),
    "portrait67": ("intro", 0.45, "end"),
    "square": ("intro", 0.3, "end"),
    "landscape": (0.5,),
}
# The talk in English is drawn, and nobody is heard in it: quarter minutes show as much of it.
CUTS = {
    "zh": {name: "15s" if name == "moments" else "1min" for name in LOOKS},
    "en": dict.fromkeys(LOOKS, "15s"),
}


def main() -> None:
    """Make the sheets that are asked for."""
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("languages", nargs="*", default=["zh", "en"])
    asked.add_argument(
        "--work", type=Path, default=Path(tempfile.gettempdir()) / "repurpose-sheets", help="kept between runs"
    )
    asked.add_argument("--frames", type=Path, help="a folder for the frames in full size, as png")
    given = asked.parse_args()
    SHEETS.mkdir(exist_ok=True)
    for language in given.languages:
        with tempfile.TemporaryDirectory() as made:
            shown = frames_of(made_for(language, Path(made), given.work))
        if given.frames:
            save(shown, given.frames, language)
        target = SHEETS / f"films-{language}.jpg"
        target.write_bytes(jpeg(sheet(shown, language)))
        print(f"{target.relative_to(ROOT)}: {target.stat().st_size:,} bytes")


def made_for(language: str, folder: Path, work: Path) -> list[Film]:
    """A film of each render, in the order of the sheet."""
    home = Path(os.environ.get("REPURPOSE_HOME") or folder / "home")
    overlay = folder / "presets"
    (overlay / "cuts").mkdir(parents=True)
    chosen = CUTS[language]
    for cut in sorted(set(chosen.values())):
        renders = [name for name in LOOKS if chosen[name] == cut]
        text = (presets.shipped() / "cuts" / f"{cut}.toml").read_text("utf-8")
        kept = [line for line in text.splitlines() if not line.startswith(("renders", "takes"))]
        (overlay / "cuts" / f"{cut}.toml").write_text("\n".join([*kept, f"renders = {renders}"]), "utf-8")
    more = ["--presets", str(overlay), *(option for cut in sorted(set(chosen.values())) for option in ("--cut", cut))]
    recording = SAMPLE
    if language == "en":
        recording, event, words = make_talk(work)
        more += ["--event", str(event), "--subtitles", str(words)]
    name = run(recording, home, folder / "out", *more)
    found = {film.made.render: film for cut in set(chosen.values()) for film in films(home, name, cut, tuple(LOOKS))}
    # Frames are read once the home is closed; its files stay.
    return [found[render] for row in ROWS for render in row]


def frames_of(made: Sequence[Film]) -> dict[str, list[Image.Image]]:
    """The frames of each render, in full size."""
    found: dict[str, list[Image.Image]] = {}
    for film in made:
        edl, frames = film.made.edl, []
        for look in LOOKS[film.made.render]:
            said = edl.length - edl.intro - edl.outro
            at = (
                edl.length - 500
                if look == "end"
                else edl.intro - 200
                if look == "intro"
                else edl.intro + int(float(look) * said)
            )
            image = cv2.cvtColor(still(film.path, at).image, cv2.COLOR_BGR2RGB)
            frames.append(Image.fromarray(image))
        found[film.made.render] = frames
    return found


def sheet(shown: dict[str, list[Image.Image]], language: str) -> Image.Image:
    """The frames in rows, each render under its name and size."""
    labels = presets.load().render
    small = {name: [_fitted(frame) for frame in frames] for name, frames in shown.items()}
    widths = {name: sum(frame.width + GAP for frame in frames) - GAP for name, frames in small.items()}
    wide = max(sum(widths[name] + MARGIN for name in row) for row in ROWS) + MARGIN
    step = HIGH + 2 * LABEL + MARGIN
    whole = Image.new("RGB", (wide, MARGIN // 2 + step * len(ROWS)), PAPER)
    draw = ImageDraw.Draw(whole)
    for number, row in enumerate(ROWS):
        x, y = MARGIN, MARGIN // 2 + number * step
        for name in row:
            preset, first = labels[name], shown[name][0]
            title = preset.label if language == "zh" else preset.label_en
            draw.text((x, y + 6), title, INK, font_of(None, LABEL, 700))
            after = x + font_of(None, LABEL, 700).getlength(title) + 16
            draw.text((after, y + 12), f"{name} · {first.width}×{first.height}", GREY, font_of(None, 22, 400))
            for frame in small[name]:
                whole.paste(frame, (x, y + 2 * LABEL - 6))
                x += frame.width + GAP
            x += MARGIN - GAP
    return whole


def jpeg(image: Image.Image) -> bytes:
    """As good as fits."""
    for quality in range(92, 40, -2):
        data = io.BytesIO()
        image.save(data, "jpeg", quality=quality, optimize=True, progressive=True)
        if data.tell() <= MOST_BYTES:
            return data.getvalue()
    raise SystemExit("the sheet is too large")


def save(shown: dict[str, list[Image.Image]], folder: Path, language: str) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    for name, frames in shown.items():
        for number, frame in enumerate(frames):
            frame.save(folder / f"{language}-{name}-{number}.png")


def _fitted(frame: Image.Image) -> Image.Image:
    return frame.resize((round(frame.width * HIGH / frame.height), HIGH), Image.Resampling.LANCZOS)


if __name__ == "__main__":
    main()
