"""`/api/v1`: everything another program needs, described by its OpenAPI document."""

from __future__ import annotations

from fastapi import APIRouter

from repurpose.web.api import (
    assets,
    brands,
    cards,
    endpoints,
    events,
    experiments,
    feed,
    heat,
    keys,
    leads,
    links,
    publications,
    recordings,
    runs,
    search,
    stages,
    uploads,
    users,
)
from repurpose.web.problems import documented

api = APIRouter(prefix="/api/v1", responses=documented(400, 401, 403, 422, 429, 500))
for part in (
    events,
    recordings,
    runs,
    assets,
    heat,
    experiments,
    publications,
    brands,
    cards,
    feed,
    links,
    search,
    leads,
    keys,
    users,
    endpoints,
    stages,
    uploads,
):
    api.include_router(part.router)
