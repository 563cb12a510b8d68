"""How long it takes to score many leads, and to list, sort and export them.

python -m tests.bench.bench_leads [--leads 10000] [--home DIR]

Each lead has one browser, two films watched in parts on two days and a title; the figures are of leads whose ledgers are
made for the first time, of those whose ledgers are kept, and of one page of `GET /api/v1/leads`. With --home the same
leads are used again.
"""

from __future__ import annotations

import argparse
import random
import sys
import tempfile
import time
from collections import Counter
from contextlib import ExitStack
from pathlib import Path
from typing import Any

from repurpose.db import leads
from repurpose.db.session import writing
from repurpose.db.tables import view_consents
from repurpose.leads.known import Attended, Sighting, identify
from repurpose.leads.vault import vault_of
from repurpose.models.base import DAY_MS
from repurpose.pipeline.scored import answers_of, scored
from repurpose.pipeline.workplace import Workplace
from repurpose.settings import Settings
from repurpose.track.writer import write
from tests.leads.audience import audience, watching
from tests.web.served import served

TITLES = ("CMO", "市场经理", "Engineer", "")


def fill(place: Workplace, count: int) -> Any:
    """So many leads, each with a browser and what was watched in it."""
    at, chance = audience(place), random.Random(count)
    vault = vault_of(place.engine, place.settings)
    for first in range(0, count, 500):
        numbers = range(first, min(first + 500, count))
        consents = [
            {"visitor": f"v{n:022}", "choice": "given", "words": "0" * 64, "version": "1", "locale": "zh", "at": at.now}
            for n in numbers
        ]
        with writing(place.engine) as connection:
            connection.execute(view_consents.insert(), consents)
        told = [
            Sighting(
                "csv", (("email", f"p{n}@example.com"),), at.now - 20 * DAY_MS, visitor=f"v{n:022}", event_id=at.event.id,
                ref=f"r{n}", about={"title": TITLES[n % 4], "company": "墨川科技"},
                attended=Attended(at.now - 20 * DAY_MS, n % 2 == 0, 30),
            )
            for n in numbers
        ]  # fmt: skip
        identify(place.engine, vault, told)
        came = []
        for n in numbers:
            for player, film in enumerate((at.replay, at.short)):
                start = chance.randrange(film.seconds - 2)
                pieces = [(start, chance.randrange(start + 1, film.seconds) + 1), (0, 2)]
                came.append(watching(n, film, pieces, when=at.now - chance.randrange(15 * DAY_MS), player=player))
        write(place.engine, came, Counter())
        print(f"\r{numbers[-1] + 1} leads", end="", flush=True)
    print()
    return at


def timed(what: str, act: Any) -> Any:
    """What `act` gives, and how long it took, told."""
    began, worked = time.perf_counter(), time.process_time()
    found = act()
    took = time.process_time() - worked
    print(f"{what}: {time.perf_counter() - began:.2f} s, {took:.2f} s of processor", flush=True)
    return found


def main() -> int:
    options = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    options.add_argument("--leads", type=int, default=10_000)
    options.add_argument("--home", type=Path)
    given = options.parse_args()
    with ExitStack() as stack:
        home = given.home or Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="leads")))
        with Workplace(Settings(home=home, database=f"sqlite:///{home / 'leads.db'}")) as place:
            if not leads.listed(place.engine, limit=1):
                timed("filled", lambda: fill(place, given.leads))
            now = leads.listed(place.engine, limit=1)[0].updated + 1000
            every = leads.listed(place.engine, limit=100_000)
            ids = [row.id for row in every]
            answers = timed(f"answers of {len(ids)}", lambda: answers_of(place, ids))
            for turn in ("first", "again"):
                timed(f"scored {len(ids)}, {turn}", lambda: scored(place, ids, answers, now))
        server = stack.enter_context(served(home, database=f"sqlite:///{home / 'leads.db'}"))
        client = stack.enter_context(server.client("sales"))
        for path in (
            "/api/v1/leads?limit=50",
            "/api/v1/leads?limit=50&sort=score",
            "/api/v1/leads?limit=50&sort=score",
        ):
            answer = timed(path, lambda path=path: client.get(path))
            assert answer.status_code == 200, answer.text
    return 0


if __name__ == "__main__":
    sys.exit(main())
