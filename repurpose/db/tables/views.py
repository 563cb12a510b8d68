"""What was watched: the events a player sent, and what they add up to. Bits and counts are little-endian, a place a second.

A second counts as watched when its middle was: stretches that touch then never count one twice, nor lose one between them.
"""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, ForeignKey, Index, Integer, LargeBinary, String, Table, Text

from repurpose.db.tables.base import Counted, metadata


def _event() -> ForeignKey:
    return ForeignKey("events.id", ondelete="CASCADE")


# One film in one page, from its first sign of life on. What it adds up to does not depend on the order its events came in.
view_sessions = Table(
    "view_sessions",
    metadata,
    Column("psid", String(22), primary_key=True),  # 128 bits by chance, from the player
    Column("event_id", String(24), _event(), nullable=False),
    Column("asset_id", String(24), ForeignKey("assets.id", ondelete="CASCADE"), nullable=False, index=True),
    Column("release", Integer, nullable=False),
    Column("visitor", String(24), nullable=False),  # v: a browser that agreed; d: whoever it was on that day
    Column("link", String(12), nullable=False),  # the code that led here; "" without
    Column("person_id", String(24), nullable=False),  # whose card it stands on
    Column("channel", String(60), nullable=False),
    Column("hint", String(64), nullable=False),  # whom a personal link was made for
    Column("kind", String(8), nullable=False),  # viewer bot staff
    Column("variants", String(120), nullable=False, server_default=""),  # of experiments that ran: `ex_...:a ex_...:b`
    Column("loads", Integer, nullable=False),
    Column("plays", Integer, nullable=False),
    Column("watch_ms", BigInteger, nullable=False),  # of content, in sight; what was watched again counts again
    Column("hidden_ms", BigInteger, nullable=False),  # while nobody could see it
    Column("wall_ms", BigInteger, nullable=False),  # of the viewer's time; and how far it reaches after the load
    Column("end_ms", BigInteger, nullable=False),
    Column("seconds", Integer, nullable=False),  # watched at least once
    Column("viewed", Integer, nullable=False),  # 1: 10 seconds, or half of it
    Column("half", Integer, nullable=False),
    Column("complete", Integer, nullable=False),  # 95 % of its seconds
    Column("bits", LargeBinary, nullable=False),  # of the film's seconds
    Column("created", BigInteger, nullable=False),
    Column("updated", BigInteger, nullable=False),
    Index("view_sessions_by_event", "event_id", "created"),
    Index("view_sessions_by_visitor", "visitor"),
)

# Every event that came from a known player, counted or not; `fate` says why not.
view_events = Table(
    "view_events",
    metadata,
    Column("psid", String(22), ForeignKey("view_sessions.psid", ondelete="CASCADE"), primary_key=True),
    Column("n", Integer, primary_key=True, autoincrement=False),  # counts up in a player; the same when sent again
    Column("k", String(8), nullable=False),  # load play seg pause seek rate ended cta error
    Column("fate", String(16), nullable=False),
    Column("a", Integer, nullable=False),  # ms of content
    Column("b", Integer, nullable=False),
    Column("rate", Integer, nullable=False),  # hundredths
    Column("flags", Integer, nullable=False),  # 1 in sight, 2 muted
    Column("dt", Integer, nullable=False),  # ms after the load, by a clock that only goes forward; and for how long
    Column("w", Integer, nullable=False),
    Column("at", BigInteger, nullable=False),  # when it was, by our clock
    Column("came", BigInteger, nullable=False),
)

# What one visitor saw of an event's recording, by whichever of its versions.
view_visitors = Table(
    "view_visitors",
    metadata,
    Column("event_id", String(24), _event(), primary_key=True),
    Column("visitor", String(24), primary_key=True),
    Column("bits", LargeBinary, nullable=False),  # of the recording's seconds
    Column("watch_ms", BigInteger, nullable=False),
    Column("created", BigInteger, nullable=False),
    Column("updated", BigInteger, nullable=False),
    Index("view_visitors_by_visitor", "visitor"),
)

# How often each second was watched, and by how many: of a version by players, of the recording (asset "") by visitors.
view_heat = Table(
    "view_heat",
    metadata,
    Column("event_id", String(24), _event(), primary_key=True),
    Column("asset_id", String(24), primary_key=True),
    Column("plays", LargeBinary, nullable=False),  # 4 bytes a second
    Column("viewers", LargeBinary, nullable=False),
)

# How many events came, and what became of them: the fates of a day add up to its `received`.
view_fates = Table(
    "view_fates",
    metadata,
    Column("day", Integer, primary_key=True, autoincrement=False),  # since 1970
    Column("event_id", String(24), primary_key=True),  # "" when it names none of ours
    Column("fate", String(16), primary_key=True),
    Column("count", BigInteger, nullable=False),
)

# What browsers without consent are told apart by for a day. Deleted after two: then nobody can tell any more who it was.
view_salts = Table(
    "view_salts",
    metadata,
    Column("day", Integer, primary_key=True, autoincrement=False),
    Column("salt", String(64), nullable=False),
)

# What a visitor agreed to, and took back. Only ever added to.
view_consents = Table(
    "view_consents",
    metadata,
    Column("id", Counted, primary_key=True),
    Column("visitor", String(24), nullable=False, index=True),
    Column("choice", String(10), nullable=False),  # given withdrawn
    Column("words", String(64), nullable=False),  # sha256 of what was shown
    Column("version", String(20), nullable=False),
    Column("locale", String(10), nullable=False),
    Column("at", BigInteger, nullable=False),
)

# What a platform says of a film there: totals, in which nobody can be told apart. Never added to the counts above.
view_totals = Table(
    "view_totals",
    metadata,
    Column("event_id", String(24), _event(), primary_key=True),
    Column("platform", String(40), primary_key=True),
    Column("asset_id", String(24), primary_key=True),  # "" for the event as a whole
    Column("date", String(10), primary_key=True),  # 2026-11-05
    Column("views", BigInteger, nullable=False),
    Column("numbers", Text, nullable=False),  # JSON: what else it counts, such as likes
    Column("updated", BigInteger, nullable=False),
)
