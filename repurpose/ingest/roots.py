"""What a run begins with: every root of the graph by its name, in one place."""

from __future__ import annotations

from pathlib import Path

from repurpose.db.session import Database
from repurpose.ingest.brand import brand_of, kit_of
from repurpose.ingest.intake import Intake, language_of, translation_of
from repurpose.models import Choices, Model, Retention
from repurpose.store import Store


def roots_of(
    taken: Intake,
    store: Store,
    engine: Database,
    *,
    presets: Path | None = None,
    translation: Path | None = None,
    choices: Choices | None = None,
    retention: Retention | None = None,
) -> dict[str, Model]:
    """The roots of an event's run; empty ones where nothing was handed in.

    `presets` is the user's folder, whose brands come before ours; a brand's record in the database comes before both. Raises
    UserError for a brand or a translation that cannot be used.
    """
    kit = kit_of(taken.event.brand, presets, engine)
    return {
        "source": taken.source,
        "event": taken.event,
        "brand": brand_of(taken.event, kit, store, language_of(taken.event)),
        "translation": translation_of(translation),
        "live": taken.live,
        "choices": choices or Choices(),
        "retention": retention or Retention(),
    }
