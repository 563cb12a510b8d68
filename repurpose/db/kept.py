"""What the store must keep: all that a row refers to."""

from __future__ import annotations

from sqlalchemy import Engine, select

from repurpose.db import people, runs, uploads
from repurpose.db.session import reading
from repurpose.db.tables import recordings, releases


def artifacts(engine: Engine) -> set[str]:
    """The digest of every artifact that a run starts from, a job has made or a release that is kept shows."""
    with reading(engine) as connection:
        shown = connection.execute(select(releases.c.digest, releases.c.package))
        return runs.referenced(engine) | {digest for row in shown for digest in row}


def files(engine: Engine) -> set[str]:
    """The digest of every file that a row itself names: what was handed in for an event or uploaded for
    one, and the pictures of cards."""
    with reading(engine) as connection:
        handed_in = {digest for (digest,) in connection.execute(select(recordings.c.digest))}
    return handed_in | people.pictures(engine) | uploads.kept(engine)
