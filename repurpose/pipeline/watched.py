"""What viewers watched of an event, as the root that its next run starts from: a stored input, never a call back."""

from __future__ import annotations

from repurpose.db import events, views
from repurpose.feedback.retention import retention
from repurpose.models import Retention
from repurpose.models.seconds import unpack
from repurpose.pipeline.workplace import Workplace
from repurpose.track.heat import films_of

ENOUGH = 5  # viewers: what fewer did says more of them than of the talk


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
