"""Events as the site knows them: their releases, the files those hand out, what can be searched, what visitors sent in."""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Column,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    Integer,
    String,
    Table,
    Text,
    UniqueConstraint,
)
from sqlalchemy.dialects.postgresql import TSVECTOR

from repurpose.db.tables.base import Counted, metadata


def _event() -> ForeignKey:
    return ForeignKey("events.id", ondelete="CASCADE")


events = Table(
    "events",
    metadata,
    Column("id", String(24), primary_key=True),  # ev_ and 20 letters
    Column("slug", String(80), nullable=False, unique=True),  # its address on the site
    Column("run", String(32), index=True),  # whose artifacts the next release is made of; none before the first run
    Column("title", Text, nullable=False),
    Column("language", String(8), nullable=False),
    Column("date", String(10), nullable=False),  # 2026-11-05; "" when not told
    Column("state", String(12), nullable=False),  # draft published withdrawn
    Column("release", Integer),  # the pointer: the one release that the site shows
    Column("settings", Text, nullable=False),  # JSON: models.published.SiteSettings
    Column("created", BigInteger, nullable=False),
    Column("updated", BigInteger, nullable=False),  # goes up with every change, so it can stand for the row's version
    Column("published", BigInteger),  # first shown
    CheckConstraint("state <> 'published' OR release IS NOT NULL", name="pointer"),
    Index("events_by_date", "state", "date"),
)

# What a run may be started from. A row keeps its file in the store before any run knows it.
recordings = Table(
    "recordings",
    metadata,
    Column("id", String(24), primary_key=True),  # re_
    Column("event_id", String(24), _event(), nullable=False, index=True),
    Column("position", Integer, nullable=False),  # files of one event, in order
    Column("kind", String(12), nullable=False),  # recording subtitles translation chat
    Column("name", Text, nullable=False),  # what the file was called; only shown
    Column("digest", String(64), nullable=False),
    Column("suffix", String(9), nullable=False),
    Column("size", BigInteger, nullable=False),
    Column("created", BigInteger, nullable=False),
    Column("by", String(80), nullable=False),
)

releases = Table(
    "releases",
    metadata,
    Column("event_id", String(24), _event(), primary_key=True),
    Column("number", Integer, primary_key=True, autoincrement=False),  # counts up in an event; never given twice
    Column("digest", String(64), nullable=False),  # of the stored models.published.Release
    Column("package", String(64), nullable=False),  # of its Package
    Column("created", BigInteger, nullable=False),
    Column("by", String(80), nullable=False),
    UniqueConstraint("event_id", "digest"),
)

# A version of a file that a release hands out. It has one id for good, whatever releases come and go: views are tied to it.
assets = Table(
    "assets",
    metadata,
    Column("id", String(24), primary_key=True),  # as_
    Column("event_id", String(24), _event(), nullable=False),
    Column("path", String(200), nullable=False),  # in the package; `replay.mp4` for the recording itself
    Column("kind", String(16), nullable=False),  # Asset.kind, or `replay`
    Column("cut", String(40), nullable=False),
    Column("take", Integer),
    Column("render", String(40), nullable=False),
    Column("language", String(8), nullable=False),
    Column("digest", String(64), nullable=False),
    Column("suffix", String(9), nullable=False),
    Column("size", BigInteger, nullable=False),
    Column("width", Integer),
    Column("height", Integer),
    Column("duration_ms", BigInteger),
    Column("spans", Text, nullable=False),  # JSON: [[start, end], ...] of the recording, in the order shown
    Column("intro_ms", Integer, nullable=False),  # shown before the first of them
    Column("outro_ms", Integer, nullable=False),
    Column("release_number", Integer, nullable=False),  # the release that brought it
    Column("created", BigInteger, nullable=False),
    UniqueConstraint("event_id", "path", "digest"),
)

release_assets = Table(
    "release_assets",
    metadata,
    Column("event_id", String(24), primary_key=True),
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("asset_id", String(24), ForeignKey("assets.id", ondelete="CASCADE"), primary_key=True, index=True),
    Column("position", Integer, nullable=False),  # in the package
    ForeignKeyConstraint(["event_id", "number"], ["releases.event_id", "releases.number"], ondelete="CASCADE"),
)

# What a search finds, of the releases that the site shows and of no other. `own` and `near` are the text's words as the
# search compares them; on SQLite the full-text table `passages_words` stands beside this one.
_WORDS = Text().with_variant(TSVECTOR, "postgresql")
passages = Table(
    "passages",
    metadata,
    Column("id", Counted, primary_key=True),
    Column("event_id", String(24), _event(), nullable=False, index=True),
    Column("kind", String(8), nullable=False),  # title said slide
    Column("start_ms", BigInteger, nullable=False),
    Column("end_ms", BigInteger, nullable=False),
    Column("speaker", Text, nullable=False),
    Column("text", Text, nullable=False),
    Column("listed", Integer, nullable=False),  # 1: found without naming the event
    Column("own", _WORDS, nullable=False),
    Column("near", _WORDS, nullable=False),  # with those of the next sentence: two words may stand in two
    Index("passages_own", "own", postgresql_using="gin").ddl_if(dialect="postgresql"),
    Index("passages_near", "near", postgresql_using="gin").ddl_if(dialect="postgresql"),
)

# What a visitor sent in by a form, with the consent as it was given.
submissions = Table(
    "submissions",
    metadata,
    Column("id", String(24), primary_key=True),  # su_
    Column("event_id", String(24), _event(), nullable=False),
    Column("asset_id", String(24), ForeignKey("assets.id", ondelete="SET NULL")),  # what it was sent in for
    Column("link", String(12)),  # the code of the link the visitor came by
    Column("fields", Text, nullable=False),  # JSON: key -> answer
    Column("consent_hash", String(64), nullable=False),  # sha256 of the words shown; "" when not asked
    Column("consent_version", String(20), nullable=False),
    Column("consent_locale", String(10), nullable=False),
    Column("consent_at", BigInteger),
    Column("visitor", String(64), nullable=False),
    Column("created", BigInteger, nullable=False),
    Index("submissions_by_event", "event_id", "created"),
)
