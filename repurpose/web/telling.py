"""The relay of a server: it sends what lies in the outbox while the server is up, and names leads to the people it writes to."""

from __future__ import annotations

from collections.abc import Mapping

from repurpose.db import leads
from repurpose.leads.people import people
from repurpose.leads.vault import vault_of
from repurpose.notify.relay import Relay
from repurpose.pipeline.workplace import Workplace
from repurpose.secret import alive


def relay_of(place: Workplace) -> Relay:
    """The relay over this workplace; it works while it is entered."""

    def named(lead_id: str) -> Mapping[str, str]:
        row = leads.load(place.engine, lead_id)
        if row is None or row.erased is not None:
            return {}
        [person] = people(place.engine, vault_of(place.engine, place.settings), [row])
        return person.about

    here = place.presence
    return Relay(place.engine, place.settings, alive(place.settings), here.worker, here.is_dead, names=named)
