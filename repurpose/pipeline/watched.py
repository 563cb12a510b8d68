"""What viewers watched of an event: as it is shown, and as the root that its next run starts from, a stored input."""

from __future__ import annotations

from dataclasses import dataclass

from repurpose.db import events, views
from repurpose.db.events import EventRow
from repurpose.db.films import films_of, paths_of
from repurpose.db.views import Counted, Total
from repurpose.feedback.proposals import Proposal, proposals
from repurpose.feedback.retention import retention
from repurpose.models import Ms, Retention, Span
from repurpose.models.published import Release
from repurpose.models.seconds import unpack
from repurpose.pipeline.release import shown_of
from repurpose.pipeline.workplace import Workplace
from repurpose.track.heat import Heat, Hot, heat_of, hottest

SHORT: Ms = 90_000  # a film no longer than this is a short cut
ENOUGH = 5  # viewers: what fewer did says more of them than of the talk


@dataclass(frozen=True)
class Watched:
    """What was watched of an event's recording and of each of its versions."""

    length: Ms  # of the recording; 0 while nothing is shown
    viewers: int
    heat: Heat
    hot: list[Hot]
    proposals: list[Proposal]  # short cuts that viewers ask for by watching again
    versions: list[Counted]
    paths: dict[str, str]  # of every film the event ever had, by its id
    totals: list[Total]
    fates: dict[str, int]


def watched_of(place: Workplace, event: EventRow) -> Watched:
    """All that is known of what was watched, the hottest places with what the release that is shown says there."""
    engine = place.engine
    release = shown_of(place, event)
    length = release.package.recording.duration if release else 0
    heat = heat_of(engine, event.id, "", length)
    sentences = release.spoken.sentences if release else ()
    said = [(one, one.text) for one in sentences]
    return Watched(
        length=length, viewers=views.viewers(engine, event.id), heat=heat, hot=hottest(heat, said),
        proposals=proposals(heat.plays, heat.viewers, sentences, taken=_shown_short(release)),
        versions=views.counted(engine, event.id), paths=paths_of(engine, event.id),
        totals=views.totals(engine, event.id), fates=views.fates(engine, event.id),
    )  # fmt: skip


def _shown_short(release: Release | None) -> list[Span]:
    """What of the recording the short cuts show already."""
    films = [one for one in release.package.assets if one.kind == "video"] if release else []
    return [span for one in films if one.duration_ms and one.duration_ms <= SHORT for span in one.spans]


def retention_of(place: Workplace, event_id: str, enough: int = ENOUGH) -> Retention:
    """What viewers watched of this event so far; nothing before there were enough of them."""
    if views.viewers(place.engine, event_id) < enough:
        return Retention()
    seen = ((asset, unpack(bits)) for asset, bits in views.seen_bits(place.engine, event_id))
    return retention(seen, films_of(place.engine, event_id))


def retention_by_name(place: Workplace, name: str) -> Retention:
    """The same by the name its runs have; nothing for one that is not on the site."""
    event = events.of_name(place.engine, name)
    return retention_of(place, event.id) if event else Retention()
