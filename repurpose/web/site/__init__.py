"""The pages people see: the home page, each event's microsite, smart cards, short links, and what programs find them by."""

from __future__ import annotations

from fastapi import APIRouter

from repurpose.pipeline.workplace import Workplace
from repurpose.web.site import brand, card, embed, event, feeds, home, links, pictures, static, wechat
from repurpose.web.site.problem import error_page
from repurpose.web.site.site import Site

__all__ = ["error_page", "router"]


def router(place: Workplace) -> APIRouter:
    """Every page of the site over an open workplace."""
    site, whole = Site(place), APIRouter()
    for part in (home, event, brand, card, embed, links, pictures, feeds, static, wechat):
        whole.include_router(part.routes(site))
    return whole
