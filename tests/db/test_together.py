"""Several functions' writes in one transaction."""

from __future__ import annotations

from pathlib import Path

import pytest

from repurpose.db import audit
from repurpose.db.session import Database, open_database, together
from repurpose.errors import UserError


@pytest.fixture
def engine(tmp_path: Path) -> Database:
    return open_database(f"sqlite:///{tmp_path / 'a.db'}")


def test_all_of_it_or_nothing(engine: Database) -> None:
    with pytest.raises(UserError), together(engine):
        audit.note(engine, "cli", "one", "ev_1")
        assert [row.action for row in audit.noted(engine)] == ["one"]  # its own reading sees it
        raise UserError("no")
    assert audit.noted(engine) == []
    with together(engine):
        audit.note(engine, "cli", "one", "ev_1")
        audit.note(engine, "cli", "two", "ev_1", count=2)
    assert [(row.action, row.detail) for row in audit.noted(engine)] == [("two", {"count": 2}), ("one", {})]


def test_a_part_that_fails_undoes_only_itself(engine: Database) -> None:
    from repurpose.db.access import add_user, all_users

    with together(engine):
        first = add_user(engine, "Lin@example.com", "Lin", "admin")
        with pytest.raises(UserError, match="already"):
            add_user(engine, "lin@example.com", "Lin again", "viewer")
        audit.note(engine, "cli", "user.add", first.id)
    assert [row.id for row in all_users(engine)] == [first.id]
    assert len(audit.noted(engine)) == 1
