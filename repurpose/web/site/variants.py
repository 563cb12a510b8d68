"""The title and cover of each film as one reader is shown them: of two that are compared, or the one that was kept."""

from __future__ import annotations

import time
from dataclasses import dataclass, replace

from fastapi import Request

from repurpose.feedback.experiments import dealt
from repurpose.models.base import DAY_MS
from repurpose.track.bots import is_bot
from repurpose.web.site.faces import face_of, kept, of_channel, trial_of, with_face
from repurpose.web.site.site import Shown, Site
from repurpose.web.viewing import Door
from repurpose.web.who import client_of


@dataclass(frozen=True)
class Dressed:
    """An event as one reader is shown it."""

    shown: Shown
    variants: str = ""  # what the reader was dealt, for the view token
    dealt_to: str = ""  # and as what kind of visitor
    key: tuple[str, ...] = ()  # readers who are shown the same have the same


def dressed(site: Site, request: Request, shown: Shown, place: str) -> Dressed:
    """What this reader is shown of the event; `place` is the channel of who came by no link.

    A program is dealt nothing: what search engines keep does not change from day to day.
    """
    rows = site.experiments(shown.event)
    if not rows:
        return Dressed(shown)
    door: Door = request.app.state.door
    day, code = time.time_ns() // 1_000_000 // DAY_MS, request.query_params.get("l", "")
    code = code if code.isascii() and code.isalnum() and len(code) == 12 else ""
    if not door.knows("", code, "", day):
        door.learn("", code, "", day)
    channel = door.channel(code) or place
    visitor = "" if is_bot(request.headers) else door.visitor(day, client_of(request), request.headers)
    view, variants, key = shown.view, [], []
    for path in sorted({row.path for row in rows}):
        first = face_of(shown.view, path)
        if first is None:
            continue
        mine = of_channel(rows, path, channel)
        face = kept(mine, first)
        trial = trial_of(mine, face) if visitor else None
        if trial is not None and trial.cover_b in ("", *shown.files):
            variant = dealt(trial.id, visitor)
            variants.append(f"{trial.id}:{variant}")
            face = trial.b if variant == "b" else face
        if face != first and face[1] in ("", *shown.files):
            view = with_face(view, path, face)
            key += [path, *face]
    dealt_to = visitor[:1] if variants else ""
    return Dressed(replace(shown, view=view), " ".join(variants), dealt_to, (*key, *variants, dealt_to))
