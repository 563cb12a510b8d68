"""How many views a second are written to the disk and acknowledged: one worker, many players.

    python -m tests.bench.bench_ingest [--seconds 60] [--connections 50] [--events 5] [--database postgresql|sqlite]

The server is the program itself, in a process of its own; SQLite writes through to the disk (synchronous=FULL) before it
answers. The last line: `N events/s, p99 M ms`.
"""

from __future__ import annotations

import argparse
import asyncio
import sys
from contextlib import suppress
from pathlib import Path
from tempfile import TemporaryDirectory

import psutil

from tests.bench.loading import load, target
from tests.databases import ready_database

LEAST_REQUESTS, LEAST_EVENTS, MOST_MS = 2000, 10_000, 150


def main() -> int:
    options = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    options.add_argument("--seconds", type=float, default=60)
    options.add_argument("--connections", type=int, default=50)
    options.add_argument("--events", type=int, default=5)
    options.add_argument("--database", choices=("sqlite", "postgresql"), default="sqlite")
    asked = options.parse_args()
    with suppress(ImportError):
        import uvloop

        asyncio.set_event_loop_policy(uvloop.EventLoopPolicy())
    with TemporaryDirectory() as folder:
        of = target(Path(folder) / "home", ready_database(asked.database, Path(folder)))
        with of.server() as (child, port):
            asyncio.run(load(of, port, connections=asked.connections, events=asked.events, seconds=2, seed=2))  # warm
            server = psutil.Process(child.pid)
            before = sum(server.cpu_times()[:2])
            made = asyncio.run(
                load(of, port, connections=asked.connections, events=asked.events, seconds=asked.seconds)
            )
            cpu = (sum(server.cpu_times()[:2]) - before) / max(1, made.statuses.get(204, 0))
    requests = made.statuses.get(204, 0) / made.seconds
    events, p99 = requests * asked.events, made.percentile(0.99)
    print(f"{asked.database}, {asked.connections} connections, {asked.events} events a batch, {made.seconds:.0f} s")
    print(f"the server took {1e6 * cpu:.0f} us of a processor a request")
    print(
        f"{requests:.0f} requests/s, {made.errors} errors, p50 {made.percentile(0.5):.0f} ms, p99 {p99:.0f} ms, max {made.percentile(1):.0f} ms"
    )
    good = requests >= LEAST_REQUESTS and events >= LEAST_EVENTS and p99 <= MOST_MS and not made.errors
    print(
        "as wanted"
        if good
        else f"wanted: {LEAST_REQUESTS} requests/s, {LEAST_EVENTS} events/s, p99 {MOST_MS} ms, no error"
    )
    print(f"{events:.0f} events/s, p99 {p99:.0f} ms")
    return 1 if made.errors else 0  # a time says as much of the machine as of us


if __name__ == "__main__":
    sys.exit(main())
