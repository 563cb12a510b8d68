"""Events with their releases and files, what can be searched, forms, people with cards, short links."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0002"
down_revision = "0001"

# The words of `passages`, on SQLite. Text comes in as tokens already, so it is only split at spaces.
FULL_TEXT = (
    "CREATE VIRTUAL TABLE passages_words USING fts5"
    "(own, near, content='passages', content_rowid='id', tokenize='unicode61 remove_diacritics 0')",
    "CREATE TRIGGER passages_added AFTER INSERT ON passages BEGIN "
    "INSERT INTO passages_words(rowid, own, near) VALUES (new.id, new.own, new.near); END",
    "CREATE TRIGGER passages_removed AFTER DELETE ON passages BEGIN "
    "INSERT INTO passages_words(passages_words, rowid, own, near) VALUES ('delete', old.id, old.own, old.near); END",
)


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "events",
        sa.Column("id", sa.String(24), nullable=False),
        sa.Column("slug", sa.String(80), nullable=False),
        sa.Column("run", sa.String(32)),
        sa.Column("title", sa.Text, nullable=False),
        sa.Column("language", sa.String(8), nullable=False),
        sa.Column("date", sa.String(10), nullable=False),
        sa.Column("state", sa.String(12), nullable=False),
        sa.Column("release", sa.Integer),
        sa.Column("settings", sa.Text, nullable=False),
        sa.Column("created", sa.BigInteger, nullable=False),
        sa.Column("updated", sa.BigInteger, nullable=False),
        sa.Column("published", sa.BigInteger),
        sa.CheckConstraint("state <> 'published' OR release IS NOT NULL", name=op.f("events_pointer_check")),
        sa.PrimaryKeyConstraint("id", name="events_pkey"),
        sa.UniqueConstraint("slug", name="events_slug_key"),
    )
    op.create_index("events_by_date", "events", ["state", "date"])
    op.create_index("ix_events_run", "events", ["run"])
    op.create_table(
        "people",
        sa.Column("id", sa.String(24), nullable=False),
        sa.Column("slug", sa.String(80), nullable=False),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("title", sa.Text, nullable=False),
        sa.Column("company", sa.Text, nullable=False),
        sa.Column("phone", sa.String(40), nullable=False),
        sa.Column("email", sa.String(254), nullable=False),
        sa.Column("wechat", sa.Text),
        sa.Column("photo", sa.Text),
        sa.Column("calendar", sa.Text, nullable=False),
        sa.Column("about", sa.Text, nullable=False),
        sa.Column("language", sa.String(8), nullable=False),
        sa.Column("notify", sa.Text, nullable=False),
        sa.Column("state", sa.String(12), nullable=False),
        sa.Column("created", sa.BigInteger, nullable=False),
        sa.Column("updated", sa.BigInteger, nullable=False),
        sa.PrimaryKeyConstraint("id", name="people_pkey"),
        sa.UniqueConstraint("slug", name="people_slug_key"),
    )
    op.create_table(
        "assets",
        sa.Column("id", sa.String(24), nullable=False),
        sa.Column("event_id", sa.String(24), nullable=False),
        sa.Column("path", sa.String(200), nullable=False),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("cut", sa.String(40), nullable=False),
        sa.Column("take", sa.Integer),
        sa.Column("render", sa.String(40), nullable=False),
        sa.Column("language", sa.String(8), nullable=False),
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Column("suffix", sa.String(9), nullable=False),
        sa.Column("size", sa.BigInteger, nullable=False),
        sa.Column("width", sa.Integer),
        sa.Column("height", sa.Integer),
        sa.Column("duration_ms", sa.BigInteger),
        sa.Column("spans", sa.Text, nullable=False),
        sa.Column("intro_ms", sa.Integer, nullable=False),
        sa.Column("outro_ms", sa.Integer, nullable=False),
        sa.Column("release_number", sa.Integer, nullable=False),
        sa.Column("created", sa.BigInteger, nullable=False),
        sa.ForeignKeyConstraint(["event_id"], ["events.id"], name="assets_event_id_fkey", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name="assets_pkey"),
        sa.UniqueConstraint("event_id", "path", "digest", name="assets_event_id_path_digest_key"),
    )
    op.create_table(
        "card_items",
        sa.Column("person_id", sa.String(24), nullable=False),
        sa.Column("event_id", sa.String(24), nullable=False),
        sa.Column("position", sa.Integer, nullable=False),
        sa.ForeignKeyConstraint(["event_id"], ["events.id"], name="card_items_event_id_fkey", ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name="card_items_person_id_fkey", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("person_id", "event_id", name="card_items_pkey"),
    )
    op.create_index("ix_card_items_event_id", "card_items", ["event_id"])
    op.create_table(
        "passages",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer, "sqlite"), nullable=False),
        sa.Column("event_id", sa.String(24), nullable=False),
        sa.Column("kind", sa.String(8), nullable=False),
        sa.Column("start_ms", sa.BigInteger, nullable=False),
        sa.Column("end_ms", sa.BigInteger, nullable=False),
        sa.Column("speaker", sa.Text, nullable=False),
        sa.Column("text", sa.Text, nullable=False),
        sa.Column("listed", sa.Integer, nullable=False),
        sa.Column("own", sa.Text().with_variant(postgresql.TSVECTOR(), "postgresql"), nullable=False),
        sa.Column("near", sa.Text().with_variant(postgresql.TSVECTOR(), "postgresql"), nullable=False),
        sa.ForeignKeyConstraint(["event_id"], ["events.id"], name="passages_event_id_fkey", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name="passages_pkey"),
    )
    op.create_index("ix_passages_event_id", "passages", ["event_id"])
    if op.get_bind().dialect.name == "postgresql":
        op.create_index("passages_own", "passages", ["own"], postgresql_using="gin")
        op.create_index("passages_near", "passages", ["near"], postgresql_using="gin")
    else:
        for statement in FULL_TEXT:
            op.execute(statement)
    op.create_table(
        "recordings",
        sa.Column("id", sa.String(24), nullable=False),
        sa.Column("event_id", sa.String(24), nullable=False),
        sa.Column("position", sa.Integer, nullable=False),
        sa.Column("kind", sa.String(12), nullable=False),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Column("suffix", sa.String(9), nullable=False),
        sa.Column("size", sa.BigInteger, nullable=False),
        sa.Column("created", sa.BigInteger, nullable=False),
        sa.Column("by", sa.String(80), nullable=False),
        sa.ForeignKeyConstraint(["event_id"], ["events.id"], name="recordings_event_id_fkey", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name="recordings_pkey"),
    )
    op.create_index("ix_recordings_event_id", "recordings", ["event_id"])
    op.create_table(
        "releases",
        sa.Column("event_id", sa.String(24), nullable=False),
        sa.Column("number", sa.Integer, autoincrement=False, nullable=False),
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Column("package", sa.String(64), nullable=False),
        sa.Column("created", sa.BigInteger, nullable=False),
        sa.Column("by", sa.String(80), nullable=False),
        sa.ForeignKeyConstraint(["event_id"], ["events.id"], name="releases_event_id_fkey", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("event_id", "number", name="releases_pkey"),
        sa.UniqueConstraint("event_id", "digest", name="releases_event_id_digest_key"),
    )
    op.create_table(
        "links",
        sa.Column("code", sa.String(12), nullable=False),
        sa.Column("kind", sa.String(8), nullable=False),
        sa.Column("url", sa.Text, nullable=False),
        sa.Column("event_id", sa.String(24)),
        sa.Column("asset_id", sa.String(24)),
        sa.Column("person_id", sa.String(24)),
        sa.Column("channel", sa.String(60), nullable=False),
        sa.Column("start_ms", sa.Integer),
        sa.Column("same", sa.String(64)),
        sa.Column("created", sa.BigInteger, nullable=False),
        sa.Column("by", sa.String(80), nullable=False),
        sa.Column("revoked", sa.BigInteger),
        sa.ForeignKeyConstraint(["asset_id"], ["assets.id"], name="links_asset_id_fkey", ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["event_id"], ["events.id"], name="links_event_id_fkey", ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name="links_person_id_fkey", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("code", name="links_pkey"),
        sa.UniqueConstraint("same", name="links_same_key"),
    )
    op.create_index("ix_links_event_id", "links", ["event_id"])
    op.create_index("ix_links_person_id", "links", ["person_id"])
    op.create_index("links_by_age", "links", ["created", "code"])
    op.create_table(
        "release_assets",
        sa.Column("event_id", sa.String(24), nullable=False),
        sa.Column("number", sa.Integer, autoincrement=False, nullable=False),
        sa.Column("asset_id", sa.String(24), nullable=False),
        sa.Column("position", sa.Integer, nullable=False),
        sa.ForeignKeyConstraint(["asset_id"], ["assets.id"], name="release_assets_asset_id_fkey", ondelete="CASCADE"),
        sa.ForeignKeyConstraint(
            ["event_id", "number"],
            ["releases.event_id", "releases.number"],
            name="release_assets_event_id_number_fkey",
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("event_id", "number", "asset_id", name="release_assets_pkey"),
    )
    op.create_index("ix_release_assets_asset_id", "release_assets", ["asset_id"])
    op.create_table(
        "submissions",
        sa.Column("id", sa.String(24), nullable=False),
        sa.Column("event_id", sa.String(24), nullable=False),
        sa.Column("asset_id", sa.String(24)),
        sa.Column("link", sa.String(12)),
        sa.Column("fields", sa.Text, nullable=False),
        sa.Column("consent_hash", sa.String(64), nullable=False),
        sa.Column("consent_version", sa.String(20), nullable=False),
        sa.Column("consent_locale", sa.String(10), nullable=False),
        sa.Column("consent_at", sa.BigInteger),
        sa.Column("visitor", sa.String(64), nullable=False),
        sa.Column("created", sa.BigInteger, nullable=False),
        sa.ForeignKeyConstraint(["asset_id"], ["assets.id"], name="submissions_asset_id_fkey", ondelete="SET NULL"),
        sa.ForeignKeyConstraint(["event_id"], ["events.id"], name="submissions_event_id_fkey", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name="submissions_pkey"),
    )
    op.create_index("submissions_by_event", "submissions", ["event_id", "created"])


def downgrade() -> None:
    """Drop them, with all they hold."""
    if op.get_bind().dialect.name == "sqlite":
        op.execute("DROP TABLE passages_words")
    for name in (
        "submissions",
        "release_assets",
        "links",
        "releases",
        "recordings",
        "passages",
        "card_items",
        "assets",
        "people",
        "events",
    ):
        op.drop_table(name)
