"""Experiments of titles and covers as they are begun, by the API or in the console: only of what the site shows."""

from __future__ import annotations

from typing import NamedTuple

from repurpose.db import events, experiments, releases
from repurpose.db.events import EventRow
from repurpose.db.experiments import ExperimentRow
from repurpose.errors import Taken
from repurpose.models.published import Release
from repurpose.pipeline.experiments import MOST
from repurpose.pipeline.workplace import Workplace
from repurpose.web.problems import Problem
from repurpose.web.site.embed import EMBED
from repurpose.web.site.faces import face_of, kept, of_channel
from repurpose.web.site.sections import EventView
from repurpose.web.site.site import Kept
from repurpose.web.site.view import view_of

JOINERS = "\u200c\u200d"
FRAME = (1.6, 1.9)  # width by height of a picture that a film's frame shows whole


class Showing(NamedTuple):
    """What the site shows of an event."""

    view: EventView
    pictures: tuple[str, ...]  # paths of those that can be a cover
    package: str  # digest of the package it is of


_views: Kept[Showing] = Kept(16)


def shown_of(place: Workplace, event: EventRow) -> Showing | None:
    """What the site shows of an event; None while it shows nothing."""
    number = event.release if event.state == "published" else None
    row = releases.load(place.engine, event.id, number) if number is not None else None
    if row is None:
        return None

    def made() -> Showing:
        release = place.store.get(row.digest, Release)
        posters = [one for one in release.package.assets if one.kind == "poster" and one.width and one.height]
        wide = [one for one in posters if FRAME[0] < (one.width or 0) / (one.height or 1) < FRAME[1]]
        covers = [one for one in release.package.assets if one.kind in ("cover", "slide")]
        return Showing(view_of(release), tuple(one.path for one in (*covers, *wide)), row.package)

    return _views.get(row.digest, made)


def begin(
    place: Workplace, event: EventRow, path: str, *, channel: str, title: str, cover: str, by: str
) -> ExperimentRow:
    """An experiment from now on, of what is shown now and the same with this title or cover ("": no other).

    Raises Problem: 422 for what the site does not show, 409 when one runs already.
    """
    shown, title, channel = shown_of(place, event), _plain(title), _plain(channel)
    if shown is None:
        raise Problem("refused", why="Only what is published can be compared. Publish the event first.")
    view, pictures, _ = shown
    first = face_of(view, path)
    if first is None:
        raise Problem("refused", why=f"path: the page of the event shows no film {path!r}.")
    if cover and cover not in pictures:
        raise Problem("refused", why=f"cover: the event has no cover, slide or wide poster {cover!r}.")
    a = kept(of_channel(experiments.of_event(place.engine, event.id), path, channel), first)
    b = title or a[0], cover or a[1]
    unseen = channel == EMBED and path != view.hero.path  # a frame shows no title of a version
    if b == a or (unseen and b[1] == a[1]):
        raise Problem("compare-same")
    try:
        row = experiments.begin(place.engine, event.id, path, a, b, channel=channel, most=MOST, by=by)
    except Taken:
        raise Problem("compare-running") from None
    if row is None:
        raise Problem("compare-many", most=MOST)
    return row


def still(place: Workplace, row: ExperimentRow) -> bool:
    """Does the site still show the film as it was when the experiment began, and has it the picture that is tried? What is
    not published at the moment is not shown to anyone; what was withdrawn is gone."""
    event = events.find(place.engine, row.event_id)
    shown = shown_of(place, event) if event is not None else None
    if event is None or shown is None:
        return event is not None and event.state == "draft"
    view, pictures, _ = shown
    first = face_of(view, row.path)
    if first is None or (row.cover_b not in ("", row.cover_a) and row.cover_b not in pictures):
        return False
    return kept(of_channel(experiments.of_event(place.engine, event.id), row.path, row.channel), first) == row.a


def _plain(text: str) -> str:
    """A line of text: no signs that are not seen, but for those that join letters and pictures."""
    return " ".join("".join(sign if sign.isprintable() or sign in JOINERS else " " for sign in text).split())
