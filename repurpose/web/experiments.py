"""Experiments of titles and covers as they are begun, by the API or in the console: only of what the site shows."""

from __future__ import annotations

from repurpose.db import experiments, releases
from repurpose.db.events import EventRow
from repurpose.db.experiments import ExperimentRow
from repurpose.errors import Taken
from repurpose.models.published import Release
from repurpose.pipeline.experiments import MOST
from repurpose.pipeline.workplace import Workplace
from repurpose.web.problems import Problem
from repurpose.web.site.sections import EventView
from repurpose.web.site.site import Kept
from repurpose.web.site.view import view_of

FRAME = (1.6, 1.9)  # width by height of a picture that a film's frame shows whole
_views: Kept[tuple[EventView, tuple[str, ...]]] = Kept(16)


def shown_of(place: Workplace, event: EventRow) -> tuple[EventView, tuple[str, ...]] | None:
    """What the site shows of an event, and the paths of the pictures that can be a cover; None while it shows nothing."""
    number = event.release if event.state == "published" else None
    row = releases.load(place.engine, event.id, number) if number is not None else None
    if row is None:
        return None

    def made() -> tuple[EventView, tuple[str, ...]]:
        release = place.store.get(row.digest, Release)
        posters = [one for one in release.package.assets if one.kind == "poster" and one.width and one.height]
        wide = [one for one in posters if FRAME[0] < (one.width or 0) / (one.height or 1) < FRAME[1]]
        covers = [one for one in release.package.assets if one.kind in ("cover", "slide")]
        return view_of(release), tuple(one.path for one in (*covers, *wide))

    return _views.get(row.digest, made)


def begin(
    place: Workplace, event: EventRow, path: str, *, channel: str, title: str, cover: str, by: str
) -> ExperimentRow:
    """An experiment from now on. Raises Problem: 422 for what the site does not show, 409 when one runs already."""
    shown, title, channel = shown_of(place, event), _plain(title), _plain(channel)
    if shown is None:
        raise Problem("refused", why="Only what is published can be compared. Publish the event first.")
    view, pictures = shown
    film = next((one for one in view.films if one.path == path), None)
    if film is None:
        raise Problem("refused", why=f"path: the page of the event shows no film {path!r}.")
    if cover and cover not in pictures:
        raise Problem("refused", why=f"cover: the event has no cover, slide or wide poster {cover!r}.")
    title, cover = "" if title == film.title else title, "" if cover == film.cover else cover
    if not title and not cover:
        raise Problem("compare-same")
    if sum(row.running for row in experiments.of_event(place.engine, event.id)) >= MOST:
        raise Problem("compare-many", most=MOST)
    try:
        return experiments.begin(place.engine, event.id, path, channel=channel, title=title, cover=cover, by=by)
    except Taken:
        raise Problem("compare-running") from None


def _plain(text: str) -> str:
    return " ".join("".join(sign if sign.isprintable() else " " for sign in text).split())
