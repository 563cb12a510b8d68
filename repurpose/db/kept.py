"""What the store must keep: all that a row refers to."""

from __future__ import annotations

from sqlalchemy import Engine, select

from repurpose.db import brands, people, runs, uploads
from repurpose.db.session import reading
from repurpose.db.tables import recordings, releases, wishes
from repurpose.store import blobs_in


def artifacts(engine: Engine) -> set[str]:
    """The digest of every artifact that a run starts from, a job has made or a release that is kept shows."""
    with reading(engine) as connection:
        shown = connection.execute(select(releases.c.digest, releases.c.package))
        return runs.referenced(engine) | {digest for row in shown for digest in row}


def files(engine: Engine) -> set[str]:
    """The digest of every file that a row itself names: what was handed in for an event or uploaded for
    one, the photos of its speakers, the pictures of cards, and what brands bring."""
    with reading(engine) as connection:
        handed_in = set(connection.execute(select(recordings.c.digest)).scalars())
        told = connection.execute(select(wishes.c.about)).scalars()
        photos = {blob.digest for about in told for blob in blobs_in(about.encode())}
    return handed_in | photos | people.pictures(engine) | brands.files(engine) | uploads.kept(engine)
