"""presets/leads.toml: what is wrong in it is said; what is changed in it changes every score."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from repurpose.errors import BadPreset
from repurpose.models.base import DAY_MS
from repurpose.pipeline.scored import scored
from repurpose.pipeline.workplace import Workplace
from repurpose.presets import load_leads, shipped
from repurpose.settings import Settings
from tests.databases import ready_database
from tests.leads.audience import audience, known, watch


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("half_live = '14d'", "'half_live' is not a field. Did you mean 'half_life'?"),
        ("half_life = 'soon'", "'soon' is not a duration: write 90s, 250ms, 30min, 1h or 14d"),
        ("[acts]\nopened = 5", "acts names 'opened', which is none. There are: card, cta, file, form, poster, rewatch"),
        ("[mql]\nat = 40\nbelow = 45", "below (45) may not lie above at (40)"),
        ("[rfe]\nfrequency = [2, 2, 5, 8]", "frequency must rise from step to step"),
        ("[rfe]\nrecency = [2, 7, 14, 30]", "recency must fall from step to step"),
        (
            "[[watched]]\npercent = 50\npoints = 1\n[[watched]]\npercent = 50\npoints = 2",
            "watched names a percentage twice",
        ),
        ("[[watched]]\npercent = 101\npoints = 1", "watched.0.percent"),
    ],
)
def test_what_is_wrong_is_said(tmp_path: Path, text: str, why: str) -> None:
    (tmp_path / "leads.toml").write_text(text, "utf-8")
    with pytest.raises(BadPreset) as told:
        load_leads(tmp_path)
    assert why in str(told.value) and "leads.toml" in str(told.value)


def test_another_rule_makes_every_ledger_anew(tmp_path: Path) -> None:
    rules = tmp_path / "rules"
    rules.mkdir()
    settings = Settings(home=tmp_path, database=ready_database("sqlite", tmp_path), presets=rules)
    with Workplace(settings) as place:
        at = audience(place)
        lead = known(at, 1, when=at.now - DAY_MS)
        watch(at, 1, at.replay, [(0, 30)], when=at.now - 30_000)

        def points() -> list[float]:
            return [one.points for one in scored(place, [lead], {}, at.now)[0].ledger]

        assert points() == [4, 6, 8, 12]
        text = (shipped() / "leads.toml").read_text("utf-8")
        (rules / "leads.toml").write_text(text.replace("points = 4", "points = 5"), "utf-8")
        assert points() == [5, 6, 8, 11], "and the most one version can earn still holds"
        place.settings = replace(settings, presets=None)
        assert points() == [4, 6, 8, 12]
