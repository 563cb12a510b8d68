"""Who they are, and what they are worth."""

from __future__ import annotations

from typing import Any, cast

from repurpose.client.connection import Connection
from repurpose.client.lead_shapes import Known, ScoredLead, WholeLead
from repurpose.client.shapes import Page


class Leads(Connection):
    """`/leads`."""

    def leads(self, **query: Any) -> Page[ScoredLead]:
        """One page, the newest first, or with `sort="score"` the highest score; `event`, `stage`, `min_score`, `segment`,
        `limit` and `after` may be given."""
        return cast("Page[ScoredLead]", self._ask("GET", "/leads", query=query))

    def lead(self, lead_id: str) -> WholeLead:
        """One lead, or the one it was merged into."""
        return cast(WholeLead, self._ask("GET", f"/leads/{lead_id}"))

    def identify(self, keys: dict[str, str], **more: Any) -> Known:
        """Say who somebody is, by kind of identifier: {"crm": "7", "email": "a@example.com"}. `visitor`, `event`, `at`,
        `about`, `attended`, `verified`, `source` and `ref` may be given."""
        named = [{"kind": kind, "value": value} for kind, value in keys.items()]
        return cast(Known, self._ask("POST", "/leads/identify", {"keys": named, **more}))

    def erase_lead(self, lead_id: str) -> None:
        """Forget a person for good."""
        self._send("DELETE", f"/leads/{lead_id}")

    def merge_leads(self, lead_id: str, into: str, reason: str) -> str:
        """From now on `into` stands for both; its id."""
        return str(self._ask("POST", f"/leads/{lead_id}/merge", {"into": into, "reason": reason})["lead"])

    def unmerge_lead(self, lead_id: str, reason: str) -> str:
        """It stands for itself again; its id."""
        return str(self._ask("POST", f"/leads/{lead_id}/unmerge", {"reason": reason})["lead"])
