"""The records that change. SQL holds digests, never files. Times are milliseconds since 1970.

Columns said to hold JSON are text; what comes out of the row modules beside this package is parsed.
"""

from __future__ import annotations

from repurpose.db.tables.access import api_keys, audit, idempotency, sessions, tickets, users
from repurpose.db.tables.base import metadata
from repurpose.db.tables.brands import brands
from repurpose.db.tables.events import assets, events, passages, recordings, release_assets, releases, submissions
from repurpose.db.tables.experiments import experiments
from repurpose.db.tables.jobs import jobs, runs
from repurpose.db.tables.leads import (
    lead_attendance,
    lead_conflicts,
    lead_edges,
    lead_facts,
    lead_identifiers,
    lead_links,
    lead_merges,
    lead_suppressions,
    lead_vault,
    leads,
)
from repurpose.db.tables.links import links
from repurpose.db.tables.orders import orders, wishes
from repurpose.db.tables.outbox import endpoints, outbox
from repurpose.db.tables.people import card_items, people
from repurpose.db.tables.scores import lead_scores, lead_words, score_entries
from repurpose.db.tables.uploads import uploads
from repurpose.db.tables.views import (
    view_consents,
    view_events,
    view_fates,
    view_heat,
    view_salts,
    view_sessions,
    view_totals,
    view_visitors,
)

__all__ = [
    "api_keys",
    "assets",
    "audit",
    "brands",
    "card_items",
    "endpoints",
    "events",
    "experiments",
    "idempotency",
    "jobs",
    "lead_attendance",
    "lead_conflicts",
    "lead_edges",
    "lead_facts",
    "lead_identifiers",
    "lead_links",
    "lead_merges",
    "lead_scores",
    "lead_suppressions",
    "lead_vault",
    "lead_words",
    "leads",
    "links",
    "metadata",
    "orders",
    "outbox",
    "passages",
    "people",
    "recordings",
    "release_assets",
    "releases",
    "runs",
    "score_entries",
    "sessions",
    "submissions",
    "tickets",
    "uploads",
    "users",
    "view_consents",
    "view_events",
    "view_fates",
    "view_heat",
    "view_salts",
    "view_sessions",
    "view_totals",
    "view_visitors",
    "wishes",
]
