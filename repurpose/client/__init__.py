"""A client of the API: thin, typed, over httpx.

    with Client("https://live.example.com", "rp_live_...") as client:
        event = client.create_event("库存怎样降下来", language="zh")
        client.add_recording(event["id"], client.upload(Path("replay.mp4")))
        for progress in client.run(event["id"]):
            print(progress["state"], progress["fraction"])
        client.publish(event["id"])

Answers are the API's own JSON, as `/api/v1/openapi.json` describes it. What goes wrong is an ApiError with its problem.
"""

from __future__ import annotations

from repurpose.client.client import Client
from repurpose.client.connection import ApiError
from repurpose.client.lead_shapes import Known, Lead, ScoredLead, WholeLead
from repurpose.client.shapes import (
    Asset,
    Brand,
    Endpoint,
    Event,
    Experiment,
    Found,
    Link,
    Message,
    NewEndpoint,
    Page,
    Person,
    Progress,
    Publications,
    Recording,
    Release,
    Run,
    Side,
)

__all__ = [
    "ApiError",
    "Asset",
    "Brand",
    "Client",
    "Endpoint",
    "Event",
    "Experiment",
    "Found",
    "Known",
    "Lead",
    "Link",
    "Message",
    "NewEndpoint",
    "Page",
    "Person",
    "Progress",
    "Publications",
    "Recording",
    "Release",
    "Run",
    "ScoredLead",
    "Side",
    "WholeLead",
]
