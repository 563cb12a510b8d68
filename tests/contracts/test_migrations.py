"""A database comes to our tables by steps, on SQLite and on PostgreSQL: from nothing, from an old one, and back."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Connection, Engine, inspect, select, text

from repurpose.db import migrate, runs
from repurpose.db.migrations import FIRST, HEAD
from repurpose.db.session import connect, open_database, reading, writing
from repurpose.db.tables import jobs, metadata
from repurpose.errors import UserError
from tests.databases import BOTH, Kind, new_database

OURS = set(metadata.tables)


@pytest.fixture(params=BOTH)
def engine(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Engine]:
    """A database with nothing in it."""
    kind: Kind = request.param
    engine = connect(new_database(kind, tmp_path))
    yield engine
    engine.dispose()


def upgraded(engine: Engine, to: str = HEAD) -> str | None:
    with writing(engine) as connection:
        return migrate.upgrade(connection, to)[0]


def tables(engine: Engine) -> set[str]:
    with reading(engine) as connection:
        return set(inspect(connection).get_table_names()) - {"alembic_version"}


def differences(connection: Connection) -> list[object]:
    def ours(thing: object, name: str | None, kind: str, reflected: bool, other: object) -> bool:
        if kind == "table":
            return not (name or "").startswith("passages_words")
        return (
            kind != "index" or connection.dialect.name == "postgresql" or name not in ("passages_own", "passages_near")
        )

    return list(compare_metadata(MigrationContext.configure(connection, opts={"include_object": ours}), metadata))


def test_the_newest_step_is_the_one_the_program_names(engine: Engine) -> None:
    with reading(engine) as connection:
        known = migrate.known(connection)
    assert max(known) == HEAD and min(known) == FIRST


def test_up_down_up(engine: Engine) -> None:
    assert upgraded(engine) is None
    assert tables(engine) >= OURS
    with reading(engine) as connection:
        assert differences(connection) == [] and migrate.version(connection) == HEAD
    with writing(engine) as connection:
        migrate.downgrade(connection, "base")
    assert tables(engine) == set()
    assert upgraded(engine) is None and tables(engine) >= OURS
    with reading(engine) as connection:
        assert differences(connection) == []


def test_each_step_can_be_taken_back(engine: Engine) -> None:
    steps = sorted(step for step in range(1, int(HEAD) + 1))
    for step in steps:
        upgraded(engine, f"{step:04}")
    for step in reversed(steps[:-1]):
        with writing(engine) as connection:
            migrate.downgrade(connection, f"{step:04}")
            assert migrate.version(connection) == f"{step:04}"
    assert tables(engine) == {"runs", "jobs"}


def test_every_constraint_has_its_name(engine: Engine) -> None:
    upgraded(engine)
    with reading(engine) as connection:
        look = inspect(connection)
        for name, table in metadata.tables.items():
            found = {look.get_pk_constraint(name)["name"]}
            found |= {one["name"] for one in look.get_foreign_keys(name)}
            found |= {one["name"] for one in look.get_unique_constraints(name)}
            found |= {one["name"] for one in look.get_check_constraints(name)}
            assert found == {str(one.name) for one in table.constraints}, name


def test_tables_from_before_there_were_steps_are_adopted(engine: Engine) -> None:
    with writing(engine) as connection:  # as `create_all` made them
        old = [metadata.tables["runs"], jobs]
        metadata.create_all(connection, tables=old)
        connection.execute(text("INSERT INTO runs VALUES ('r', 'talk', '{\"source\": \"1\"}', 'p', 1, 2)"))
        connection.execute(text("INSERT INTO jobs VALUES ('k','r','s','v','done',1,0,'w',0,0,1.0,'o','',1,2,0.5)"))
    url = engine.url.render_as_string(hide_password=False)
    if engine.dialect.name == "postgresql":  # others may be at work in it: somebody has to say so
        with pytest.raises(UserError, match="run: repurpose migrate"):
            open_database(url)
        assert upgraded(engine) == FIRST
    opened = open_database(url)
    row = runs.load(opened, "r")
    assert row and row.name == "talk" and row.roots == {"source": "1"}
    with reading(opened) as connection:
        assert differences(connection) == []
        assert connection.execute(select(jobs.c.output)).scalar_one() == "o"
    opened.dispose()
    if engine.dialect.name == "sqlite":  # a copy from before lies beside
        with closing(sqlite3.connect(f"{engine.url.database}.{FIRST}")) as copy:
            names = {name for (name,) in copy.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
            assert names == {"runs", "jobs"} and copy.execute("SELECT count(*) FROM runs").fetchone() == (1,)


def test_a_database_of_a_newer_program_is_left_alone(engine: Engine) -> None:
    upgraded(engine)
    with writing(engine) as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '0999'"))
    with pytest.raises(UserError, match=r"newer Repurpose \(its tables are at 0999.*Get the newest"):
        open_database(engine.url.render_as_string(hide_password=False))


def test_a_step_that_fails_leaves_everything_as_it_was(engine: Engine) -> None:
    upgraded(engine, FIRST)
    with writing(engine) as connection:
        connection.execute(text("CREATE TABLE links (x INTEGER)"))  # in the way of a later step
    before = tables(engine)
    with pytest.raises(Exception, match="links"):
        upgraded(engine)
    with reading(engine) as connection:
        assert migrate.version(connection) == FIRST
    assert tables(engine) == before
