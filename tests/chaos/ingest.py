"""`kill -9` while views are written: what was acknowledged is there, the database is whole, and every sum is that of its rows.

python -m tests.chaos.ingest [--count 50] [--seed 1] [--database postgresql|sqlite]
"""

from __future__ import annotations

import argparse
import asyncio
import random
import sys
import tempfile
import time
from pathlib import Path

import numpy as np
from sqlalchemy import select, text

from repurpose.db.session import Database, open_database, reading
from repurpose.db.tables import view_events, view_heat, view_sessions, view_visitors
from repurpose.models.seconds import added, covered, kept_counts, mask, pack
from tests.bench.loading import Load, Target, load, target
from tests.databases import ready_database


async def _killed(of: Target, seconds: float, seed: int) -> Load:
    with of.server() as (child, port):
        asking = asyncio.ensure_future(load(of, port, connections=20, events=5, seconds=60, seed=seed, remember=True))
        began = time.perf_counter()
        await asyncio.sleep(seconds)
        child.kill()
        made = await asking
        made.seconds = time.perf_counter() - began
        return made


def faults(engine: Database, acked: set[tuple[str, int]]) -> list[str]:
    """What is not as it should be; empty when all is well."""
    with reading(engine) as connection:
        rows = connection.execute(select(view_events)).all()
        sessions = {row.psid: row for row in connection.execute(select(view_sessions))}
        heat = {row.asset_id: row for row in connection.execute(select(view_heat))}
        visitors = connection.execute(select(view_visitors)).all()
        whole = connection.execute(text("PRAGMA integrity_check")).scalar() if engine.dialect.name == "sqlite" else "ok"
    found = [] if whole == "ok" else [f"the database is not whole: {whole}"]
    stored = {(row.psid, row.n) for row in rows}
    if acked - stored:
        found.append(f"{len(acked - stored)} acknowledged events are not there")
    bits: dict[str, int] = {}
    watched: dict[str, int] = {}
    for row in rows:
        if row.fate == "accepted" and row.k == "seg":
            bits[row.psid] = bits.get(row.psid, 0) | mask(*covered(row.a, row.b))
            watched[row.psid] = watched.get(row.psid, 0) + row.b - row.a
    found += [
        f"{psid} does not add up"
        for psid, row in sessions.items()
        if (row.bits, row.watch_ms) != (pack(bits.get(psid, 0)), watched.get(psid, 0))
    ]
    # The replay shows the recording second by second, so both heats have the same plays.
    plays = added(
        np.zeros(0, np.uint32), [covered(row.a, row.b) for row in rows if row.fate == "accepted" and row.k == "seg"]
    )
    found += [
        f"the heat of {asset or 'the recording'} does not add up"
        for asset, row in heat.items()
        if row.plays != kept_counts(plays)
    ]
    seen = 0
    for one in bits.values():
        seen |= one
    if visitors and any(row.bits != pack(seen) for row in visitors):
        found.append("a visitor does not add up")
    return found


def main() -> int:
    options = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    options.add_argument("--count", type=int, default=50)
    options.add_argument("--seed", type=int, default=1)
    options.add_argument("--database", choices=("sqlite", "postgresql"), default="sqlite")
    asked = options.parse_args()
    chance, found, acked = random.Random(asked.seed), 0, set()
    with tempfile.TemporaryDirectory() as folder:
        of = target(Path(folder) / "home", ready_database(asked.database, Path(folder)))
        for kill in range(asked.count):
            made = asyncio.run(_killed(of, chance.uniform(0.2, 1.5), asked.seed * 1000 + kill))
            acked |= made.acked
            engine = open_database(of.database)
            told = faults(engine, acked)
            engine.dispose()
            found += len(told)
            print(
                f"kill {kill}: {len(made.acked)} acknowledged in {made.seconds:.1f} s, {len(acked)} in all: {'; '.join(told[:3]) or 'ok'}",
                flush=True,
            )
    print(f"{asked.count} kills, {len(acked)} events acknowledged, {found} faults")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
