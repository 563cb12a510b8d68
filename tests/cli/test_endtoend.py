"""The whole loop in small: a dozen visitors of the small package, held against an oracle. `python -m tests.bench.endtoend` on the sample."""

from __future__ import annotations

from pathlib import Path

import pytest

from repurpose.db import events
from repurpose.models.published import SiteSettings
from repurpose.pipeline import release
from repurpose.pipeline.workplace import Workplace
from repurpose.publish.release import compose
from repurpose.settings import Settings
from tests.bench.endtoend import walk
from tests.publish.sample import packed, parts


@pytest.mark.slow
def test_what_a_dozen_visitors_did_is_told_as_it_was(tmp_path: Path) -> None:
    home = tmp_path / "home"
    with Workplace(Settings(home=home, database=f"sqlite:///{home / 'repurpose.db'}")) as place:
        given = parts(tmp_path / "sample", place.store)
        package = packed(tmp_path / "sample", place.store, **given)
        content = compose(
            "ku-cun", package, given["spoken"], given["chapters"], given["slides"], given["highlights"], SiteSettings()
        )
        row = events.create(place.engine, slug="ku-cun", title=package.event.title, language="zh")
        made = release.enter(place, row, content, "test")
        release.point(place, row.id, made.number, "test")
    assert walk(home, "ku-cun", visitors=14, make=False) == []
