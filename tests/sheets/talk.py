"""A minute and a half of the sample's talk in English: its slides translated, its speaker drawn, nobody heard.

What is said comes with it as a vtt; the sound is a hum where someone speaks, so that there are words and pauses to cut at.
Drawing takes headless Chromium, as the sample's own slides do.
"""

from __future__ import annotations

import subprocess
import wave
from pathlib import Path

import imageio_ffmpeg
import numpy as np

from assets.demo.make.pieces import WARM, at, box, from_step, page, svg, word
from assets.demo.make.portraits import sprites
from assets.demo.make.slides import photograph
from assets.demo.make.sound import RATE, Timeline
from assets.demo.make.talk import Line, View
from assets.demo.make.video import BEAT, SIZES, Life, Stage, encode

WHO, NAME = "周", "Zhou Yuan"
LETTER_S, GAP_S = 0.066, 0.75  # how long a letter is said, and the pause after a sentence
PART = "Why replays go to waste"
SAID = (  # the slide a sentence is said on, and the sentence
    ("waste.1", "I would like you to picture one thing first."),
    ("waste.1", "A team spends six weeks on a webinar: guests, a script, pages, invitations and two rehearsals."),
    ("waste.1", "Then it is live for one hour, and by Friday nobody mentions it again."),
    ("waste.2", "Six weeks of work for one hour of use."),
    ("waste.2", "That is not marketing, that is disposable cutlery."),
    ("reasons.1", "Why does that happen? There are three reasons."),
    ("reasons.1", "First, we treat a webinar as a date and not as a product, and a date is over when it is over."),
    ("reasons.2", "Second, we keep the recording as proof that it happened."),
    ("reasons.2", "But for a viewer, 60 minutes without chapters are no recording at all."),
    ("reasons.3", "Third, and this one hurts most: we do not know who watched."),
    ("reasons.3", "How much of it, which part, and where they went afterwards."),
    ("reasons.3", "What nobody knows, nobody is responsible for."),
    ("asset.1", "So here is the one point I want to make today."),
    ("asset.1", "A replay is not a recording, a replay is an asset."),
    ("asset.1", "A recording is there to be stored, an asset is there to be used."),
    ("asset.1", "And whoever could not come on the day gets it in the length they have time for."),
    ("asset.1", "Let us put it to work for the 60 days that follow."),
)
EVENT = """name = "replay-in-english"
title = "One live hour, sixty days of work"
date = 2026-10-15
language = "en"
brand = "repurpose"
[cta]
text = "Get the replay kit"
url = "https://example.com/replay-kit"
[[speakers]]
name = "Zhou Yuan"
title = "VP Marketing"
company = "Trestle Sensing"
"""


def make_talk(folder: Path) -> tuple[Path, Path, Path]:
    """The recording, its event.toml and its vtt, made in `folder`, where pictures are kept for the next time."""
    folder.mkdir(parents=True, exist_ok=True)
    line = timed()
    silent, sound, target = folder / "silent.mp4", folder / "sound.wav", folder / "talk.mp4"
    encode(EnglishStage(line, folder), 0, int(line.seconds * BEAT), silent, 24, "veryfast")
    with wave.open(str(sound), "wb") as out:
        out.setnchannels(1)
        out.setsampwidth(2)
        out.setframerate(RATE)
        out.writeframes((line.sound * 32767).astype("<i2").tobytes())
    command = [imageio_ffmpeg.get_ffmpeg_exe(), "-v", "error", "-y", "-i", str(silent), "-i", str(sound)]
    subprocess.run([*command, "-c:v", "copy", "-c:a", "aac", "-ar", "48000", "-shortest", str(target)], check=True)
    words, event = folder / "talk.vtt", folder / "event.toml"
    cues = (f"{clock(start)} --> {clock(end)}\n<v {NAME}>{said.text}\n" for start, end, said in line.lines)
    words.write_text("WEBVTT\n\n" + "\n".join(cues), "utf-8")
    event.write_text(EVENT, "utf-8")
    return target, event, words


def timed() -> Timeline:
    """When each sentence is said and each slide shown, and the hum."""
    line, at_s = Timeline(views=[(0.0, View("tile", ""))]), 1.0
    for slide, text in SAID:
        if not line.pictures or line.pictures[-1][1] != slide:
            line.pictures.append((max(0.0, at_s - 0.3) if line.pictures else 0.0, slide))
        end = at_s + LETTER_S * len(text)
        line.lines.append((at_s, end, Line(WHO, text, last=False)))
        at_s = end + GAP_S
    line.sound = np.random.default_rng(1).normal(0, 0.0006, int((at_s + 0.5) * RATE)).astype(np.float32)
    for start, end, _ in line.lines:
        first, last = int(start * RATE), int(end * RATE)
        seconds = np.arange(last - first) / RATE
        syllables = np.abs(np.sin(np.pi * 4.2 * seconds)) ** 0.7
        line.sound[first:last] += (0.16 * syllables * np.sin(2 * np.pi * 170 * seconds)).astype(np.float32)
    return line


class EnglishStage(Stage):
    """The sample's stage with other slides and one speaker."""

    def __init__(self, line: Timeline, keep: Path) -> None:
        self.line = line
        names = list(dict.fromkeys(name for _, name in line.pictures))
        sheet = photograph("".join(slide(name) for name in names), 1920, 1080 * len(names), keep)
        self.slides = {name: sheet[1080 * n : 1080 * (n + 1)] for n, name in enumerate(names)}
        self.people = {("tile", WHO): sprites(WHO, *SIZES["tile"], keep, NAME)}
        self.grounds, self.patches = {}, {}
        self.life = Life(line)
        self.life.speaker = [WHO] * len(self.life.speaker)


def slide(name: str) -> str:
    """The markup of one slide in one of its builds."""
    base, _, step = name.partition(".")
    return {"waste": waste, "reasons": reasons, "asset": asset}[base](int(step))


def waste(step: int) -> str:
    """Six weeks beside one hour."""
    weeks = "".join(
        box(n * 236, 0, 220, 200, "#DCE4FB", 20)
        + word(n * 236 + 110, 116, f"week {n + 1}", 40, "#1B44C8", 600, "middle")
        for n in range(6)
    )
    body = svg(112, 380, 1420, 200, weeks) + svg(1534, 380, 12, 200, box(0, 0, 12, 200, WARM, 6))
    body += at(1566, 426, "live<br>1 hour", "font-size:40px;font-weight:800;line-height:1.4;color:#E5501F")
    body += at(112, 612, "guests · script · pages · invitations · two rehearsals", "font-size:40px;color:#5B6579")
    big = "Six weeks of work, <br><span class='warm'>one hour</span> of use."
    body += from_step(step, 2, at(112, 720, big, "font-size:96px;font-weight:800;line-height:1.2"))
    return page("<h1>Made for weeks, used for an hour</h1>" + body, part=PART, foot=False)


def reasons(step: int) -> str:
    """Three reasons, one after the other."""
    rows = (
        ("It is a date", "not a product that someone keeps up"),
        ("It is proof", "without chapters it is no recording"),
        ("Nobody knows who watched", "so nobody is responsible"),
    )
    body = ""
    for n, (what, why) in enumerate(rows):
        y, colour = 300 + 210 * n, "#2457F5" if n < 2 else "#E5501F"
        row = at(112, y, f'<span class="num" style="font-size:150px;color:{colour}">{n + 1}</span>')
        row += at(280, y + 2, what, "font-size:84px;font-weight:800")
        row += at(284, y + 116, why, "font-size:36px;color:#5B6579")
        body += from_step(step, n + 1, row)
    return page("<h1>Three reasons</h1>" + body, part=PART, foot=False)


def asset(step: int) -> str:
    """The point."""
    del step  # it has one build
    words = "A replay is not<br>a recording.<br>It is an <span class='warm'>asset</span>."
    body = at(112, 280, words, "font-size:160px;font-weight:800;line-height:1.16")
    return page(body + svg(118, 230, 140, 12, box(0, 0, 140, 12, WARM, 6)), "dark", foot=False)


def clock(seconds: float) -> str:
    """hh:mm:ss.mmm"""
    ms = round(seconds * 1000)
    return f"{ms // 3_600_000:02}:{ms // 60_000 % 60:02}:{ms // 1000 % 60:02}.{ms % 1000:03}"
