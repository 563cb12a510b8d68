"""What the API answers of leads, as a type checker sees it."""

from __future__ import annotations

from typing import Any, TypedDict


class Known(TypedDict):
    """Whose what was said is: `state` is new, known, again, refused or suppressed."""

    lead: str | None
    state: str


class Lead(TypedDict):
    """A lead, with what was watched."""

    id: str
    source: str
    first: int
    updated: int
    about: dict[str, str]
    known_by: list[dict[str, str]]
    watch_ms: int
    seconds: int
    last: int | None
    attendance: list[dict[str, Any]]
    watched: list[dict[str, Any]]


class ScoredLead(Lead):
    """A lead as it stands among the others."""

    score: float
    stage: str
    rfe: dict[str, int]
    reasons: list[dict[str, Any]]
    tags: list[dict[str, Any]]
    segments: list[str]


class WholeLead(Lead):
    """A lead, with what a person should look at."""

    conflicts: list[dict[str, Any]]
    perhaps: list[dict[str, Any]]
