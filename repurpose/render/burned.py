"""Everything written over a drawn picture, as one script for libass: what the preview shows is what the file holds."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import cache

from repurpose.models import Box, Brand, Ms, Said, Scene, Sentence
from repurpose.presets import RenderPreset
from repurpose.render.ass import Event, Style, colour, filled, literal, rounded, script
from repurpose.render.captionbox import Track, boxes_between, tracks_in
from repurpose.render.corner import corner_rooms
from repurpose.render.fonts import ASCENT, Family
from repurpose.render.places import Taken
from repurpose.render.plates import NamePlate, corner_events, label_events, name_events, progress_events, title_events
from repurpose.render.spoken import Caption, Piece, captions_of
from repurpose.render.typeset import language_of, typeset
from repurpose.text.cues import Page
from repurpose.text.signs import shown, width_of, wraps_by_sign

BEHIND, OVER = 10, 11  # layers of captions: their plate, their type
GLOW: Ms = 80  # in which a word takes its colour, around its beginning
PLATE = 0.72  # how much of the picture a plate covers
EACH = 0.3  # a caption may be short: what is said is on screen for as long as it is said
LONGEST: Ms = 4500  # of one caption: about what is said in a breath
SLIVER: Ms = 160  # a shorter piece of a caption in another place is a flash, and left out


def script_of(
    sentences: Sequence[Sentence],
    language: str,
    scenes: Sequence[Scene],
    *,
    render: RenderPreset,
    brand: Brand,
    family: Family,
    title: str = "",
    names: Sequence[NamePlate] = (),
    faces: Sequence[Taken] = (),
    translation: Sequence[Said] = (),
    terms: Sequence[str] = (),
    start: Ms,
    end: Ms,
    ai_label: str = "",
) -> str:
    """The script of one file, everything on its clock: sentences with their words, scenes in order covering `start` to `end`.

    Nothing is drawn before `start` nor after `end`. `family` must have been made of all the texts. With a translation each
    language has its own lines in the captions' box, the translation below and smaller. `faces` is where heads are, and when.
    """
    titled, title_box, title_ends = title_events(title, render, brand, family, terms, start, end)
    taken = [*corner_rooms(brand, render, scenes), *([(start, title_ends, title_box)] if title_box else [])]
    labelled, label_boxes = label_events(ai_label, scenes, render, brand, family, taken, start, end)
    taken += label_boxes
    events = [
        *corner_events(scenes, start, end),
        *progress_events(scenes, render, brand, start, end),
        *titled,
        *labelled,
    ]
    if render.branded:
        events += name_events(names, scenes, render, brand, family, taken, faces, start, end)
    tracks: list[Track] = []
    if render.captions:
        tracks = tracks_in(scenes, render, language, _language(translation) if translation else "", start, end)
        said = [sentences, [Sentence(start=entry.start, end=entry.end, text=entry.text) for entry in translation]]
        for spoken, track in zip(said, tracks, strict=False):
            within = [_drawn(one) for one in spoken if one.start < end and start < one.end and shown(one.text)]
            events += _track_events(within, track, scenes, render, brand, family, terms, start, end)
    return script(render.width, render.height, _styles(render, brand, family, tracks), events)


def captions_in(
    sentences: Sequence[Sentence], track: Track, family: Family, terms: Sequence[str], end: Ms
) -> list[Caption]:
    """The captions of one track, broken to its measure: so many signs or letters, and no wider than its box."""
    scale = 1.0 if wraps_by_sign(track.language) else 2.0

    @cache
    def measure(text: str) -> float:
        line = typeset(text)
        return max(width_of(line) * scale, family.width(line, track.size, track.weight) / track.room * track.limit)

    page = Page(track.limit, track.rows, measure, apart=0, each=EACH, longest=LONGEST, clings=True)
    return captions_of(sentences, track.language, terms, end, page)


def _drawn(sentence: Sentence) -> Sentence:
    """The sentence without signs that cannot be drawn."""
    words = [word.model_copy(update={"text": shown(word.text)}) for word in sentence.words if shown(word.text)]
    return sentence.model_copy(update={"text": shown(sentence.text), "words": tuple(words)})


def _track_events(
    sentences: Sequence[Sentence],
    track: Track,
    scenes: Sequence[Scene],
    render: RenderPreset,
    brand: Brand,
    family: Family,
    terms: Sequence[str],
    start: Ms,
    end: Ms,
) -> list[Event]:
    events: list[Event] = []
    for caption in captions_in(sentences, track, family, terms, end):
        widths = [family.width(text, track.size, track.weight) for text in caption.texts()]
        size = track.size * min(1.0, track.room / max(widths))  # a term wider than a line stays whole, in smaller type
        shares = [width * size / track.size for width in widths]
        pieces = boxes_between(scenes, max(start, caption.start), caption.end, render)
        longest = max((until - since for since, until, _ in pieces), default=0)
        for since, until, box in pieces:
            if until - since < min(SLIVER, longest):
                continue
            ranged = abs(box.x + box.width / 2 - render.width / 2) > 1  # in a column of their own
            lines, plate = replace(track, ranged=ranged).placed(box, len(caption.lines), size, max(shares))
            if render.captions and render.captions.plate:
                events.append(_plate(since, until, plate, brand))
            for line, (x, y) in zip(caption.lines, lines, strict=True):
                tags = rf"{{\an{1 if ranged else 2}\pos({x:g},{round(y + size * (1 - ASCENT), 1):g}){_sized(size, track)}}}"
                text = tags + _lit(line, since, brand, track)
                events.append(Event(since, until, OVER, track.style, text))
    return events


def _lit(line: Sequence[Piece], since: Ms, brand: Brand, track: Track) -> str:
    """The line's text; each word in the colour of speech while it is said."""
    rest, lit = rf"\1c&H{colour(track.colour(brand))}&", rf"\1c&H{colour(brand.spoken)}&"
    text = ""
    base = since // 10 * 10  # where the event begins in a script of hundredths
    for piece in line:
        if piece.start is None or piece.end is None:
            text += f"{{{rest}}}{literal(piece.text)}"
            continue
        first, last = piece.start - base - GLOW // 2, piece.end - base - GLOW // 2
        begun = rest + _turn(first, lit) if first + GLOW > 0 else lit
        text += f"{{{begun if last + GLOW > 0 else rest}{_turn(last, rest) if last + GLOW > 0 else ''}}}{literal(piece.text)}"
    return text


def _turn(at: Ms, tags: str) -> str:
    return rf"\t({max(0, at)},{at + GLOW},{tags})"


def _sized(size: float, track: Track) -> str:
    return rf"\fs{round(size, 1):g}" if size < track.size else ""


def _plate(since: Ms, until: Ms, box: Box, brand: Brand) -> Event:
    shape = rounded(box.width, box.height, min(20, box.height / 4))
    return Event(since, until, BEHIND, "Shape", filled(rf"\pos({box.x:g},{box.y:g})", shape, brand.ground[0], PLATE))


def _styles(render: RenderPreset, brand: Brand, family: Family, tracks: Sequence[Track]) -> list[Style]:
    bold, plain = family.face(700), family.face(400)
    styles = [
        Style("Shape", plain, 20, brand.on_dark),
        Style("Bold", bold, 44, brand.on_dark),
        Style("Plain", plain, 44, brand.on_dark),
    ]
    outline = render.captions.outline if render.captions and not render.captions.plate else 0
    for track in tracks:
        edge = round(outline * track.size / tracks[0].size, 1)
        styles.append(
            Style(track.style, family.face(track.weight), track.size, track.colour(brand), edge, brand.ground[0])
        )
    return styles


def _language(translation: Sequence[Said]) -> str:
    return language_of("".join(entry.text for entry in translation[:20]))
