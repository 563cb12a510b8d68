"""A film's face, its title and cover: in a release, and as readers are shown it after what was kept. Pure.

What an experiment kept stands for as long as it replaces what it was compared with: when a new release brings another title,
that one is shown. So those of one channel do not meet those of another.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from repurpose.db.experiments import ExperimentRow, Face
from repurpose.web.site.sections import EventView, Film


def face_of(view: EventView, path: str) -> Face | None:
    """The face of the film at this path; None where the page has no such film. The replay's title is the page's."""
    if view.hero.path == path:
        return view.title, view.hero.cover
    return next(((film.title, film.cover) for film in view.films if film.path == path), None)


def kept(rows: Iterable[ExperimentRow], face: Face) -> Face:
    """The face that is shown where the release has this one: after what was kept of each of these, the oldest first."""
    for row in rows:
        if not row.running and row.keep == "b" and row.a == face:
            face = row.b
    return face


def of_channel(rows: Iterable[ExperimentRow], path: str, channel: str) -> list[ExperimentRow]:
    """Those that who comes by this channel may meet, the oldest first."""
    return [row for row in rows if row.path == path and row.channel in ("", channel)]


def trial_of(rows: Sequence[ExperimentRow], face: Face) -> ExperimentRow | None:
    """The one that runs and begins with this face; one for a channel goes before one for any."""
    running = [row for row in rows if row.running and row.a == face]
    return max(running, key=lambda row: (row.channel != "", row.created), default=None)


def with_face(view: EventView, path: str, face: Face) -> EventView:
    """The same page, the film at this path with this face."""
    title, cover = face

    def film(one: Film) -> Film:
        return replace(one, title=title, cover=cover) if one.path == path else one

    cuts = tuple(
        replace(cut, takes=tuple(replace(take, film=film(take.film)) for take in cut.takes)) for cut in view.cuts
    )
    whole = replace(view, title=title) if view.hero.path == path else view
    return replace(whole, hero=film(view.hero), cuts=cuts)
