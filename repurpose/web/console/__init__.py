"""The console: what a content team, marketing and sales see of events and leads in a browser, and what they do to them."""

from __future__ import annotations

from fastapi import APIRouter

from repurpose.pipeline.workplace import Workplace
from repurpose.web.api.ranked import Ranked
from repurpose.web.console import acting, event, events, leads, made
from repurpose.web.console.frame import Console, error_page

__all__ = ["error_page", "router"]


def router(place: Workplace, ranked: Ranked) -> APIRouter:
    """Every page of the console over an open workplace and its leads."""
    console, whole = Console(place, ranked), APIRouter()
    for part in (events, event, acting, leads, made):
        whole.include_router(part.routes(console))
    return whole
