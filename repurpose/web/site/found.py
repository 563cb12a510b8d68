"""How others find an event: what search engines, players and readers of feeds are told of it. Pure."""

from __future__ import annotations

import datetime
from typing import Any

from repurpose.web.site.addresses import EventAddresses
from repurpose.web.site.pages import iso_length
from repurpose.web.site.site import Shown

DESCRIPTION = 155  # characters that search results show
CLIPS = 50


def description(shown: Shown) -> str:
    """One or two sentences on the event: the editor's, else what its chapters are called."""
    view = shown.view
    text = view.summary or _joined([part.chapter.title for part in view.parts], view.language) or view.title
    return text if len(text) <= DESCRIPTION else text[: DESCRIPTION - 1].rstrip(" ，,、") + "…"


def video_object(shown: Shown, u: EventAddresses) -> dict[str, Any]:
    """The film as schema.org's VideoObject, each chapter as a Clip, and how to open it at a second."""
    view = shown.view
    page = u.whole(f"/e/{shown.event.slug}")
    found: dict[str, Any] = {
        "@context": "https://schema.org",
        "@type": "VideoObject",
        "name": view.title,
        "description": description(shown),
        "thumbnailUrl": [u.whole(f"/e/{shown.event.slug}/share.jpg")],
        "uploadDate": published(shown),
        "duration": iso_length(view.duration),
        "contentUrl": u.whole(u.get(view.hero.path)),
        "embedUrl": u.whole(f"/embed/{u.ids[view.hero.path]}"),
        "url": page,
        "inLanguage": view.language,
        "potentialAction": {
            "@type": "SeekToAction",
            "target": f"{page}?t={{seek_to_second_number}}",
            "startOffset-input": "required name=seek_to_second_number",
        },
        "hasPart": [
            {
                "@type": "Clip",
                "name": part.chapter.title,
                "startOffset": part.chapter.start // 1000,
                "endOffset": max(part.chapter.start // 1000 + 1, part.chapter.end // 1000),
                "url": f"{page}?t={part.chapter.start // 1000}",
            }
            for part in view.parts[:CLIPS]
        ],
    }
    if view.people:
        found["actor"] = [
            {"@type": "Person", "name": person.speaker.name, "jobTitle": person.speaker.title, "worksFor": person.speaker.company}
            for person in view.people
        ]  # fmt: skip
    return found


def published(shown: Shown) -> str:
    """When it was first shown, as ISO 8601 in UTC."""
    return stamp(shown.event.published or shown.row.created).isoformat()


def stamp(at_ms: int) -> datetime.datetime:
    """Milliseconds since 1970 as a moment in UTC, to the second."""
    return datetime.datetime.fromtimestamp(at_ms // 1000, datetime.UTC)


def _joined(titles: list[str], language: str) -> str:
    return ("；" if language == "zh" else "; ").join(titles)
