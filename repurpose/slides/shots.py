"""Where the pages of a recording begin and end."""

from __future__ import annotations

import logging
from collections.abc import Iterator, Sequence
from itertools import islice, pairwise

import numpy as np
from scenedetect import SceneManager

from repurpose.context import Context
from repurpose.media.glance import Glance, Packets, packets
from repurpose.models import Ms, Recording, Shot, Shots, Span
from repurpose.presets import SlidesPreset
from repurpose.slides.changes import ChangeDetector, Step
from repurpose.slides.look import WIDTH
from repurpose.slides.runs import Page, Rest, Run, is_page, nearer, pages_of, same_page
from repurpose.slides.stream import GlanceStream, Unrest, at_key, moments, unrest

_FAR: Ms = 15_000  # a frame this far from its key frame is not decoded a second time
_NEAR: Ms = 160  # where the change is expected, every frame is decoded
_SETTLED: Ms = 300  # a page is pictured this long before it goes

logging.getLogger("pyscenedetect").setLevel(logging.ERROR)  # it reports each start at INFO to its own handler


def find_shots(recording: Recording, preset: SlidesPreset, ctx: Context) -> Shots:
    """Stretches of one picture, in order, covering the recording; each says whether it is a page, and when to picture it.

    Key frames are compared first, looking past what moves all the time. Only where they differ, or where the packets in
    between say that something came and went, frames are decoded, and a boundary is exact to the frame. Soft changes count
    from their middle. A page that is built up is one shot; one that stood shorter than `preset.stable` is none.
    """
    if recording.title_card:
        return Shots(spans=(Shot(start=0, end=recording.duration, page=False),))
    path = ctx.store.path(recording.media)
    cost = packets(path)
    frame: Ms = round(1000 * recording.video.rate_den / max(1, recording.video.rate_num))
    with Glance(path, cost, ctx.threads) as glance:
        steps = _steps(glance, moments(cost, recording.duration), recording.duration, ctx.part(0, 0.5))
        pages = _pages(glance, steps, cost, recording.duration, preset, ctx.part(0.5, 0.9))
        edges = _edges(glance, pages, frame, 2 * preset.stable, ctx.part(0.9, 1))
    return Shots(spans=tuple(_shots(pages, edges, recording.duration)))


def _steps(glance: Glance, times: Sequence[Ms], duration: Ms, ctx: Context) -> list[Step]:
    detector = ChangeDetector(lambda at: ctx.beat(min(1.0, at / duration)))
    manager = SceneManager()
    manager.add_detector(detector)
    manager.detect_scenes(GlanceStream(glance, times, WIDTH, duration))
    return detector.judged()


def _pages(
    glance: Glance, steps: Sequence[Step], cost: Packets, duration: Ms, preset: SlidesPreset, ctx: Context
) -> list[Page]:
    """The pages and other pictures at rest: frames are decoded only where something happened."""
    rest = Rest(min(preset.stable, duration))
    first: Ms = steps[0].start if steps else 0
    for frame in islice(glance.stretch(first, duration, WIDTH), 1):
        rest.see(frame, steps[0].mask if steps else np.zeros(frame.image.shape[:2], np.bool_))
    for index, step in enumerate(steps):
        ctx.beat(step.end / max(step.end, duration))
        burst = unrest(cost, step.start, step.end)
        if step.filmed and all(near.filmed for near in steps[max(0, index - 1) : index + 2]):
            rest.stop(step.start)
        elif step.changed or step.filmed or burst is not None:
            _watch(glance, step, cost, burst, rest)
        else:
            rest.pass_by(step.end)
    rest.pass_by(duration)
    rest.stop(duration)
    return pages_of(rest.runs, 2 * preset.stable)


def _watch(glance: Glance, step: Step, cost: Packets, burst: Unrest | None, rest: Rest) -> None:
    """Follow the picture from one look to the next; once the packets say that it is at rest, straight to the next."""
    if at_key(cost, step.start, step.end):
        for place, frame in enumerate(glance.samples([step.start, step.end], WIDTH)):
            rest.see(frame, step.mask, anchor=place == 0)
            if place == 0:
                rest.pass_by(step.end - 1)
        return
    # The costliest frame is most likely where it changed, even where it is not so costly as to be sure.
    guess = burst or unrest(cost, step.start, step.end, least=0.0, times=1.0)
    full = None if guess is None else Span(start=max(0, guess.peak - _NEAR), end=guess.peak + _NEAR)
    calm, lively = (step.end, step.start) if burst is None else (min(step.end, burst.end), burst.start)
    for frame in islice(glance.stretch(step.start, calm, WIDTH, full), 1):
        rest.see(frame, step.mask, anchor=True)
    for frame in glance.stretch(max(step.start + 1, lively), calm, WIDTH, full):
        rest.see(frame, step.mask)
    if calm < step.end:
        ahead = next(glance.samples([step.end], WIDTH), None)
        if ahead is None or not rest.shows(ahead, step.mask):  # the packets misled us
            for frame in glance.stretch(calm + 1, step.end, WIDTH):
                rest.see(frame, step.mask)
        else:
            rest.see(ahead, step.mask)


def _edges(glance: Glance, pages: Sequence[Page], frame: Ms, bridge: Ms, ctx: Context) -> list[tuple[Ms, Ms]]:
    """When each page began and ended; what lies between two that are apart is left open."""
    starts = [page.start for page in pages]
    ends = [page.last.until for page in pages]
    for index, (before, after) in enumerate(pairwise(pages)):
        ctx.beat(index / len(pages))
        if after.start - before.last.until <= bridge:
            starts[index + 1] = ends[index] = _edge(glance, before.last, after.runs[0], frame)
    return list(zip(starts, ends, strict=True))


def _edge(glance: Glance, before: Run, after: Run, frame: Ms) -> Ms:
    """The first frame that is more like the page after than like the page before."""
    low, high = before.end, after.start
    if high - low < 1.5 * frame or high - glance.key(low) > _FAR:
        return high
    for seen in glance.stretch(low + 1, high, WIDTH, Span(start=low, end=high + 1)):
        if nearer(seen.image, before.last, after.first, before.mask | after.mask):
            return seen.at
    return high


def _shots(pages: Sequence[Page], edges: Sequence[tuple[Ms, Ms]], duration: Ms) -> Iterator[Shot]:
    """The pages as shots, with what lies between them as shots that are no pages."""
    at: Ms = 0
    count = 0
    known: list[tuple[int, Run]] = []
    for page, (start, end) in zip(pages, edges, strict=True):
        if start > at:
            yield Shot(start=at, end=start, page=False, best=at)
            count += 1
        full, readable = page.fullest(), is_page(page)
        again = next((index for index, run in known if same_page(run, full)), None) if readable else None
        if readable and again is None:
            known.append((count, full))
        best = min(max(full.start, full.end - _SETTLED), end - 1)
        yield Shot(start=start, end=end, page=readable, best=best, again=again)
        count, at = count + 1, end
    if at < duration:
        yield Shot(start=at, end=duration, page=False, best=at)
