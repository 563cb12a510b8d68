"""What a film says of itself: its title, its event, its chapters. Pure."""

from __future__ import annotations

from repurpose.models import Chapters, EditDecisionList, Event, Ms
from repurpose.presets import RenderPreset

AI_LABEL = {
    "zh": "内容由AI辅助剪辑",
    "en": "Edited with AI",
}  # 《人工智能生成合成内容标识办法》, in force from 2025-09-01
LONG: Ms = 180_000  # a shorter film is not worth chapters
APART: Ms = 10_000  # YouTube shows none that are shorter, and neither is one of use


def ai_label(render: RenderPreset, language: str) -> str:
    """What a channel wants told about the help of software, in the language spoken; "" where it does not."""
    return AI_LABEL["zh" if language.startswith(("zh", "yue")) else "en"] if render.ai_label else ""


def tags_of(event: Event, edl: EditDecisionList, label: str = "") -> dict[str, str]:
    """The tags of a film: title, event, date, and the label."""
    said = {"title": edl.title or event.title or event.name, "album": event.title or event.name, "comment": label}
    if event.date:
        said["date"] = event.date.isoformat()
    return {name: text for name, text in said.items() if text}


def chapters_shown(chapters: Chapters, edl: EditDecisionList) -> list[tuple[Ms, str]]:
    """Where each chapter is first shown in a long film, and its title; the first at 0, none closer than APART.

    `edl` must be the one with the edges as they were cut. Nothing for a short film, or where there is but one.
    """
    if edl.length < LONG:
        return []
    found: list[tuple[Ms, str]] = []
    for chapter in chapters.items:
        inside = [max(chapter.start, span.start) for span in edl.spans if chapter.overlap(span)]
        at = edl.to_output(inside[0]) if inside else None
        if at is not None and chapter.title and (not found or at - found[-1][0] >= APART):
            found.append((at if found else 0, chapter.title))
    return found if len(found) > 1 else []
