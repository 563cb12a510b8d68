"""Brands that are kept as records; one that is told by a preset file alone has no row."""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, String, Table, Text

from repurpose.db.tables.base import metadata

brands = Table(
    "brands",
    metadata,
    Column("name", String(40), primary_key=True),  # as events name it
    Column("preset", Text, nullable=False),  # JSON: BrandPreset, in which a file goes by the name it came under
    Column("files", Text, nullable=False),  # JSON: font, logo, music, sting -> Blob
    Column("created", BigInteger, nullable=False),
    Column("updated", BigInteger, nullable=False),  # goes up with every change
    Column("by", String(80), nullable=False),  # who changed it last
)
