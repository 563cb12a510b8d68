"""A database that cannot be opened is said so in one line."""

from __future__ import annotations

import sys

import pytest

from repurpose.db.session import open_database
from repurpose.errors import UserError


@pytest.mark.parametrize("url", ["postgresql://me@localhost/x", "postgres://me@localhost/x"])
def test_a_missing_driver_is_named_with_what_installs_it(monkeypatch: pytest.MonkeyPatch, url: str) -> None:
    monkeypatch.setitem(sys.modules, "psycopg", None)
    with pytest.raises(UserError) as error:
        open_database(url)
    assert "REPURPOSE_DATABASE" in str(error.value) and "pip install 'psycopg[binary]'" in str(error.value)
    assert "\n" not in str(error.value)


def test_a_server_that_is_not_there_is_said_so_without_its_password() -> None:
    with pytest.raises(UserError, match="cannot be opened") as error:
        open_database("postgresql://me:secret@127.0.0.1:9/x")
    assert "secret" not in str(error.value) and "\n" not in str(error.value)
