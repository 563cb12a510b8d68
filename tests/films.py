"""Films as the program makes them of a recording, each with what was decided for it: run once, looked at by benches and sheets."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from repurpose.models import EditDecisionList, Faces, Layout, Recording, Rendition, Scene, Sentence, Shots, Transcript
from repurpose.pipeline.run import Run
from repurpose.pipeline.stage import Job
from repurpose.pipeline.workplace import Workplace
from repurpose.render.captions import sentences_shown
from repurpose.render.shown import scenes_shown
from repurpose.settings import settings_from

ROOT = Path(__file__).parent.parent
MEDIA = ROOT.parent / "shared" / "media"
SAMPLE = ROOT / "assets" / "demo" / "webinar.mp4"


@dataclass(frozen=True)
class Film:
    """One take in one render: its files, and what it shows when."""

    name: str  # such as "1min-2.vertical"
    path: Path
    cover: Path
    source: Path  # the recording it was cut from
    recording: Recording
    made: Rendition
    scenes: tuple[Scene, ...]  # on the film's clock, their views on the recording's; none where nothing was laid out
    shots: Shots
    faces: Faces
    said: tuple[Sentence, ...] = ()  # on the film's clock
    language: str = "en"

    def scene(self, at: int) -> Scene | None:
        """The scene on show `at` milliseconds into the film; None in its bumpers."""
        return next((scene for scene in self.scenes if scene.start <= at < scene.end), None)


def run(recording: Path, home: Path, out: Path, *more: str) -> str:
    """`repurpose run RECORDING` in a home; the name of the event. What is in the home already is not made again."""
    command = [sys.executable, "-m", "repurpose", "run", str(recording), "--out", str(out), "--json", *more]
    environment = {**os.environ, "REPURPOSE_HOME": str(home)}
    done = subprocess.run(command, env=environment, stdout=subprocess.PIPE, text=True, check=False)
    if done.returncode:
        raise SystemExit(f"{recording.name}: the run ended with {done.returncode}")
    return str(json.loads(done.stdout)["name"])


def films(home: Path, name: str, cut: str, renders: Sequence[str]) -> Iterator[Film]:
    """Every take of a cut of this event in these renders, as it lies in the home's store."""
    with Workplace(settings_from({"REPURPOSE_HOME": str(home)})) as place:
        job = Run.named(place, name)
        assert job is not None, f"no run of {name}"
        store = place.store
        recording = job.result(Job("recording"), Recording)
        shots = job.result(Job("shots"), Shots)
        assert recording and shots
        for take in (take for take in job.presets.takes() if take.cut == cut):
            chosen = job.result(Job("edl", take.name), EditDecisionList)
            for render in (each for each in renders if each in take.renders):
                variant = f"{take.name}.{render}"
                drawn = job.presets.render[render].drawn
                made = job.result(Job("drawing" if drawn else "rendition", variant), Rendition)
                if not (chosen and made):
                    continue  # fewer takes than asked for
                layout = job.result(Job("layout", variant), Layout) if drawn else None
                faces = job.result(Job("faces", take.name), Faces) if drawn else None
                spoken = job.result(Job("spoken"), Transcript) or Transcript(language="en")
                yield Film(
                    variant, store.path(made.video), store.path(made.cover), store.path(recording.media), recording, made,
                    scenes_shown(layout, chosen, made.edl) if layout else (), shots, faces or Faces(),
                    sentences_shown(spoken.sentences, made.edl, spoken.language), spoken.language,
                )  # fmt: skip
