"""Is the slide whole, the face inside, the layout calm? Vertical films of whole recordings, looked at once a second.

python -m tests.bench.bench_layout                        # the sample, a talk over a deck, a call
python -m tests.bench.bench_layout talk.mp4 --keep seen   # another; the worst frames beside their source as png

Films are made as `repurpose run` makes them, in REPURPOSE_HOME where it is set: what lies there is not made again. OCR reads
the slide's band and the source frame of the same moment; YuNet looks for the face in the speaker's panel. OCR also reads the
captions: of what is read in them, how much was said then, and is the word in them that is being said.
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from repurpose import presets
from repurpose.media.detector import Detector
from repurpose.media.frames import between
from repurpose.models import Box, Panel, Scene, Span, view_at
from repurpose.render.crops import MARGIN
from repurpose.slides.ocr import Line, Reader
from tests.bench.reading import kept, placed, words_of
from tests.films import MEDIA, SAMPLE, Film, films, run

RECORDINGS = (SAMPLE, MEDIA / "en_talk_19min.mp4", MEDIA / "ibm_earnings_call_qa_en_640.mp4")
WANTED = 0.9  # of the words of a source slide
CAPTIONS = {"zh": 0.85, "en": 0.9}  # of the words read in captions
AROUND = 6000  # ms in which what a caption holds is said
SECOND = 1000
SETTLED = 80  # ms from a word's first sound on; before that its caption may only just come up
ROUNDED = 2  # ms that two clocks of whole milliseconds may lie apart
FRAME_MS = 45  # an edge may move to the next frame of a 24 fps recording
LIKE = 8  # of 255: a picture of which no block differs by more from one that was read holds the same words
Image = NDArray[np.uint8]


@dataclass
class Seen:
    """One sampled frame."""

    film: str
    at: int  # on the film's clock
    words: int = 0
    lost: list[str] = field(default_factory=list)
    read: int = 0  # words OCR finds in the captions
    unsaid: int = 0  # of those, how many nobody says around then
    now: bool | None = None  # is the word being said among them; None where none is
    face: str = ""  # "held", "near" an edge, "cut" or "gone"; "" where nobody is shown, or nobody is there
    picture: Image | None = None  # film beside source

    @property
    def share(self) -> float:
        return 1 - len(self.lost) / self.words if self.words else 1.0


class Eyes:
    """Reads and looks; a still slide is read once."""

    def __init__(self) -> None:
        self.reader = Reader(len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else 2)
        self.detector = Detector()
        self.known: list[tuple[Image, list[Line]]] = []

    def source_lines(self, image: Image, people: list[Box]) -> list[Line]:
        """The lines on a source frame. Where only people have moved since one that was read, they are the same."""
        grey = cv2.resize(cv2.cvtColor(image, cv2.COLOR_BGR2GRAY), (480, 270), interpolation=cv2.INTER_AREA)
        scale = 480 / image.shape[1], 270 / image.shape[0]
        for box in people:
            x, y = int(box.x * scale[0]) - 2, int(box.y * scale[1]) - 2
            right, bottom = x + int(box.width * scale[0]) + 5, y + int(box.height * scale[1]) + 5
            grey[max(0, y) : bottom, max(0, x) : right] = 0
        for before, lines in self.known:
            if cv2.absdiff(before, grey).max() <= LIKE:
                return lines
        self.known = [*self.known[-7:], (np.asarray(grey, np.uint8), self.reader.lines(image))]
        return self.known[-1][1]


def main() -> None:
    """Make the films, look at them, print a line for each recording; exit 1 where a bar does not hold."""
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("recordings", nargs="*", type=Path, default=[path for path in RECORDINGS if path.exists()])
    asked.add_argument("--render", default="vertical")
    asked.add_argument("--cut", default="1min", help="a cut that lists this render")
    asked.add_argument("--takes", type=int, default=0, help="so many films of each recording; all without it")
    asked.add_argument("--keep", type=Path, help="a folder for the worst frames as png")
    given = asked.parse_args()
    good = True
    with tempfile.TemporaryDirectory() as made:
        home = Path(os.environ.get("REPURPOSE_HOME") or Path(made, "home"))
        for recording in given.recordings:
            more = fewer(Path(made), given.cut, given.takes) if given.takes else []
            name = run(recording, home, Path(made, "out"), "--cut", given.cut, *more)
            eyes, seen, calm, language = Eyes(), list[Seen](), list[str](), ""
            for film in films(home, name, given.cut, [given.render]):
                seen += look(film, eyes)
                language = film.language
                calm += [*changes(film)]
            good = report(recording.name, seen, calm, language) and good
            if given.keep:
                keep(given.keep, recording.stem, seen)
    sys.exit(not good)


def fewer(folder: Path, cut: str, takes: int) -> list[str]:
    """The options of a run that makes so many takes of a cut."""
    (folder / "presets" / "cuts").mkdir(parents=True, exist_ok=True)
    text = (presets.shipped() / "cuts" / f"{cut}.toml").read_text("utf-8")
    kept_lines = [line for line in text.splitlines() if not line.startswith("takes")]
    top = next((at for at, line in enumerate(kept_lines) if line.startswith("[")), len(kept_lines))
    kept_lines.insert(top, f"takes = {takes}")
    (folder / "presets" / "cuts" / f"{cut}.toml").write_text("\n".join(kept_lines), "utf-8")
    return ["--presets", str(folder / "presets")]


def look(film: Film, eyes: Eyes) -> Iterator[Seen]:
    """A frame a second of the film, between its bumpers, held against the recording."""
    edl = film.made.edl
    for at in range(edl.intro + SECOND // 2, edl.length - edl.outro, SECOND):
        shown = next(between(film.path, Span(start=at, end=at + SECOND)))
        source_at, scene = edl.to_source(shown.at), film.scene(shown.at)
        if source_at is None or scene is None:
            continue
        low = max(0, source_at - ROUNDED)
        source = next(between(film.source, Span(start=low, end=low + SECOND)))
        yield judged(Seen(film.name, shown.at), film, scene, shown.image, source.image, source.at, eyes)


def judged(seen: Seen, film: Film, scene: Scene, image: Image, source: Image, at: int, eyes: Eyes) -> Seen:
    """What is kept of the words, and of the face, in one frame."""
    height, width = source.shape[:2]
    frames = [face.frame or face.box for look in film.faces.looks if abs(look.at - at) < SECOND for face in look.faces]
    page = next((panel for panel in scene.panels if panel.shows != "speaker"), None)
    if page is not None or any(shot.page and shot.start <= at < shot.end for shot in film.shots.spans):
        panel = page or scene.panels[0]
        band = part(image, panel)
        lines = placed(eyes.reader.lines(band), view_at(panel.views, at), width, height)
        seen.words, seen.lost = kept(eyes.source_lines(source, frames), lines)
    captioned(seen, film, scene, image, eyes)
    for panel in scene.panels:
        if panel.shows == "speaker" and seen.face in ("", "held"):
            seen.face = face_in(part(image, panel), panel, source, at, film, eyes.detector)
    if seen.share < WANTED or seen.face not in ("", "held"):
        seen.picture = beside(image, source)
    return seen


def captioned(seen: Seen, film: Film, scene: Scene, image: Image, eyes: Eyes) -> None:
    """What OCR reads where captions stand, held against what is said."""
    box = scene.captions
    room = image[int(box.y) : int(box.y + box.height), int(box.x) : int(box.x + box.width)]
    read = [word for line in eyes.reader.lines(room) for word in words_of(line.text)]
    words = [word for sentence in film.said for word in (sentence.words or (sentence,))]
    near = "".join(
        "".join(words_of(word.text)) for word in words if word.end > seen.at - AROUND and word.start < seen.at + AROUND
    )
    seen.read, seen.unsaid = len(read), sum(word not in near for word in read)
    spoken = next((word.text for word in words if word.start + SETTLED <= seen.at < word.end), None)
    if spoken and words_of(spoken):
        seen.now = "".join(words_of(spoken)) in "".join(read)


def face_in(picture: Image, panel: Panel, source: Image, at: int, film: Film, detector: Detector) -> str:
    """How the face stands in a speaker's panel; "" where the recording shows none at this moment either."""
    found = sighted(picture, detector)
    if found:
        return standing(found[0], panel, at, film)
    crop = view_at(panel.views, at)
    there = (face.x + face.width / 2 for face in sighted(source, detector))
    return "gone" if any(crop.x <= middle <= crop.x + crop.width for middle in there) else ""


def sighted(image: Image, detector: Detector) -> list[Box]:
    """The faces in a picture, in its pixels: looked for at 640, and at 1280 where there is none."""
    for width in (640, 1280):
        small = scaled(image, width)
        by = image.shape[1] / small.shape[1]
        if found := [face.box for face in detector.find(small)]:
            return [Box(x=one.x * by, y=one.y * by, width=one.width * by, height=one.height * by) for one in found]
    return []


def standing(face: Box, panel: Panel, at: int, film: Film) -> str:
    """Held with margin, near an edge, or cut by it; an edge where the camera's own picture ends is none."""
    crop = view_at(panel.views, at)
    frame = next(
        (face.frame for look in film.faces.looks if abs(look.at - at) < SECOND for face in look.faces if face.frame),
        Box(x=0, y=0, width=film.recording.video.width, height=film.recording.video.height),
    )
    slack = 0.02 * frame.width
    rooms = [
        (face.x / panel.width, crop.x - frame.x),
        (1 - (face.x + face.width) / panel.width, frame.x + frame.width - crop.x - crop.width),
        (face.y / panel.height, crop.y - frame.y),
        (1 - (face.y + face.height) / panel.height, frame.y + frame.height - crop.y - crop.height),
    ]
    tightest = min((room for room, beyond in rooms if beyond > slack), default=1.0)
    return "held" if tightest >= MARGIN else "near" if tightest >= 0 else "cut"


def changes(film: Film) -> Iterator[str]:
    """Where the layout changes although nothing does in the recording: no joint, no page, no camera."""
    edl = film.made.edl
    joints, at = [], edl.intro
    for span in edl.spans:
        joints.append(at)
        at += span.length
    sources = [*(shot.start for shot in film.shots.spans), *film.faces.cuts]
    edges = [*joints, *(out for edge in sources if (out := edl.to_output(edge)) is not None)]
    for before, after in pairwise(film.scenes):
        if laid(before) != laid(after) and min(abs(edge - after.start) for edge in edges) > FRAME_MS:
            yield f"{film.name} {after.start / 1000:.2f} s"


def laid(scene: Scene) -> tuple[object, ...]:
    """What stands where; not what is shown of the recording in it."""
    places = [(panel.shows, panel.x, panel.y, panel.width, panel.height) for panel in scene.panels]
    return (scene.captions, *places)


def report(name: str, seen: list[Seen], calm: list[str], language: str) -> bool:
    """One line, and one for whatever misses a bar."""
    written, faces = [one for one in seen if one.words], [one for one in seen if one.face]
    worst = min(written, key=lambda one: one.share, default=None)
    words, lost = sum(one.words for one in written), sum(len(one.lost) for one in written)
    whole, held = sum(one.share >= WANTED for one in written), sum(one.face == "held" for one in faces)
    print(
        f"{name}: {len(seen)} frames; words kept {1 - lost / max(1, words):.1%} of {words}, {whole} of {len(written)} slides at"
        f" {WANTED:.0%}, worst {f'{worst.share:.1%} ({worst.film} at {worst.at / 1000:.1f} s)' if worst else '-'};"
        f" faces with margin {held} of {len(faces)}; layout changes off edges {len(calm)}",
        flush=True,
    )
    read, unsaid = sum(one.read for one in seen), sum(one.unsaid for one in seen)
    at_word = [one.now for one in seen if one.now is not None]
    true = 1 - unsaid / max(1, read)
    print(
        f"  captions: {true:.1%} of {read} words read were said then; the word being said is in them in"
        f" {sum(at_word)} of {len(at_word)} frames",
        flush=True,
    )
    for one in sorted(written, key=lambda one: one.share):
        if one.share < WANTED:
            print(
                f"  {one.film} {one.at / 1000:6.1f} s: {one.share:.1%} of {one.words} words; lost {' '.join(one.lost[:12])}"
            )
    for one in faces:
        if one.face != "held":
            print(f"  {one.film} {one.at / 1000:6.1f} s: the face is {one.face}")
    for change in calm:
        print(f"  layout changes at {change}")
    good = true >= CAPTIONS.get(language, 0.9) or not read
    return whole == len(written) and held == len(faces) and good and not calm


def keep(folder: Path, stem: str, seen: list[Seen]) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    shown = sorted((one for one in seen if one.picture is not None), key=lambda one: one.share)
    for place, one in enumerate(shown[:12]):
        assert one.picture is not None
        cv2.imwrite(str(folder / f"{stem}-{place:02}-{one.film}-{one.at}.png"), one.picture)


def part(image: Image, panel: Panel) -> Image:
    """What the film shows in a panel."""
    return image[panel.y : panel.y + panel.height, panel.x : panel.x + panel.width]


def scaled(image: Image, width: int) -> Image:
    """The picture at this width; never enlarged."""
    if image.shape[1] <= width:
        return image
    size = (width, round(image.shape[0] * width / image.shape[1]))
    return np.asarray(cv2.resize(image, size, interpolation=cv2.INTER_AREA), np.uint8)


def beside(film: Image, source: Image) -> Image:
    """Both at 960 pixels high."""
    both = [cv2.resize(one, (round(one.shape[1] * 960 / one.shape[0]), 960)) for one in (film, source)]
    return np.asarray(np.hstack(both), np.uint8)


if __name__ == "__main__":
    main()
