"""`kill -9` on the relay, and receivers as bad as they come: every message arrives, once after dropping what came twice, in order.

python -m tests.chaos.outbox [--kills 100] [--events 10000] [--seed 1] [--database sqlite|postgresql] [--delays]

One receiver takes everything. One fails three times in ten: it answers 500, or takes the message and drops the connection, or
sends on to 169.254.169.254, or never answers. One is dead. Some changes are undone: nobody may hear of those. `--delays` measures
how long messages take to a good receiver, alone and beside a dead one.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections import defaultdict
from pathlib import Path
from urllib.parse import urlsplit

from sqlalchemy import func, select

from repurpose.db import endpoints, outbox
from repurpose.db import outbox as rows
from repurpose.db.session import Database, open_database, reading, together
from repurpose.db.tables import outbox as table
from repurpose.errors import UserError
from repurpose.notify.relay import Relay
from repurpose.notify.signature import secrets_of
from repurpose.pipeline.presence import Presence
from repurpose.secret import alive
from repurpose.settings import Settings
from tests.databases import ready_database
from tests.notify.receiver import Got, Say, receiving, verify

FAST_S = (0.02,) * 60  # the schedule of these relays: what takes three days takes seconds
TIMEOUT_S = 1.0
SAYS = ("fails", "drops", "leads inside", "hangs")
THINGS = 500  # that messages are about


class Bad:
    """A receiver that fails in `share` of all requests, and says what it kept."""

    def __init__(self, share: float, seed: int) -> None:
        self.share, self.chance, self.kept = share, random.Random(seed), list[tuple[str, str, int]]()
        self.lock, self.leave = threading.Lock(), threading.Event()
        self.secrets: list[str] = []

    def __call__(self, got: Got) -> Say:
        message = verify(got.headers, got.body, self.secrets, time.time())
        with self.lock:
            how = self.chance.choices((*SAYS, "takes"), [*[self.share / 3.1] * 3, self.share / 31, 1 - self.share])[0]
            if how in ("drops", "takes"):
                data = json.loads(got.body)["data"]
                self.kept.append((message, data["about"], data["n"]))
        if how == "fails":
            return Say(500)
        if how == "leads inside":
            return Say(302, {"location": "http://169.254.169.254/latest/meta-data/"})
        if how == "hangs":
            return Say(wait=lambda: self.leave.wait(TIMEOUT_S * 3))
        return Say(drop=how == "drops")


def relay(settings: Settings) -> None:
    """A relay as `serve` has it, in this process, until it is killed."""
    engine = open_database(settings.database)
    presence = Presence(settings.scratch, guest=True)
    with Relay(
        engine, settings, alive(settings), presence.worker, presence.is_dead, schedule=FAST_S, timeout_s=TIMEOUT_S
    ):
        print("up", flush=True)
        signal.pause()


def told(engine: Database, count: int, seed: int, done: threading.Event) -> dict[tuple[str, int], bool]:
    """Make `count` changes that are told of, and some that are undone: (about, n) of those that hold."""
    chance, numbers, held = random.Random(seed), defaultdict[str, int](int), dict[tuple[str, int], bool]()
    for _ in range(count):
        about = f"thing{chance.randrange(THINGS)}"
        numbers[about] += 1
        holds = chance.random() > 0.05
        try:
            with together(engine):
                outbox.tell(engine, "event.published", about, {"about": about, "n": numbers[about]})
                if not holds:
                    raise UserError("undone")
        except UserError:
            continue
        held[about, numbers[about]] = True
    done.set()
    return held


def killed(settings: Settings, kills: int, chance: random.Random) -> None:
    """Let relays work and kill each: `kills` of them."""
    command = [sys.executable, "-m", "tests.chaos.outbox", "--relay", str(settings.home), settings.database]
    env = os.environ | {"REPURPOSE_WEBHOOK_INSIDE": ",".join(settings.webhook_inside)}
    for _ in range(kills):
        with subprocess.Popen(command, stdout=subprocess.PIPE, env=env, text=True) as child:
            assert child.stdout is not None and child.stdout.readline() == "up\n"
            time.sleep(chance.uniform(0.0, 1.0))
            child.kill()


def left(engine: Database, but: str) -> int:
    """How many messages are not done, but for those to the dead one."""
    undone = (table.c.state != "delivered") & (table.c.endpoint_id != but)
    with reading(engine) as connection:
        return int(connection.execute(select(func.count()).where(undone).select_from(table)).scalar_one())


def faults(name: str, kept: list[tuple[str, str, int]], held: dict[tuple[str, int], bool]) -> list[str]:
    """What is wrong with what a receiver kept."""
    first: dict[str, tuple[str, int]] = {}
    for message, about, n in kept:
        first.setdefault(message, (about, n))
    once = list(first.values())
    found = []
    if missing := set(held) - set(once):
        found.append(f"{name}: {len(missing)} lost, such as {sorted(missing)[:3]}")
    if extra := set(once) - set(held):
        found.append(f"{name}: {len(extra)} of changes that were undone")
    if len(once) != len(set(once)):
        found.append(f"{name}: one change came under two ids")
    last: dict[str, int] = defaultdict(int)
    for about, n in once:
        if n < last[about]:
            found.append(f"{name}: {about} {n} came after {last[about]}")
        last[about] = n
    return found


def chaos(folder: Path, kills: int, events: int, seed: int, database: str) -> list[str]:
    """All of it; what went wrong."""
    good, bad, chance = Bad(0.0, seed), Bad(0.3, seed + 1), random.Random(seed)
    with receiving(good) as first, receiving(bad) as second:
        inside = (*tuple(urlsplit(one.url).netloc for one in (first, second)), "127.0.0.1:9")
        settings = Settings(folder / "home", ready_database(database, folder), webhook_inside=inside)  # type: ignore[arg-type]
        engine, site = open_database(settings.database), alive(settings)
        for receiver, answer in ((first, good), (second, bad)):
            row = endpoints.add(engine, "webhook", receiver.url, types=["event.published"], by="test")
            answer.secrets = secrets_of(row.id, row.keys, site, 0)
        dead = endpoints.add(engine, "webhook", "http://127.0.0.1:9/", types=["event.published"], by="test")
        held: dict[tuple[str, int], bool] = {}
        done, began = threading.Event(), time.monotonic()
        writer = threading.Thread(target=lambda: held.update(told(engine, events, seed, done)))
        writer.start()
        killed(settings, kills, chance)
        writer.join()
        after = left(engine, dead.id)
        presence = Presence(settings.scratch, guest=True)
        with Relay(engine, settings, site, presence.worker, presence.is_dead, schedule=FAST_S, timeout_s=TIMEOUT_S):
            until = time.monotonic() + 600
            while left(engine, dead.id) and time.monotonic() < until:
                time.sleep(0.2)
        bad.leave.set()
        found = faults("the good one", good.kept, held) + faults("the bad one", bad.kept, held)
        if undone := left(engine, dead.id):
            found.append(f"{undone} messages are not done")
        with reading(engine) as connection:
            tries = connection.execute(
                select(func.sum(table.c.attempts)).where(table.c.endpoint_id != dead.id)
            ).scalar()
        print(
            f"{kills} kills, {len(held)} events to 2 receivers in {time.monotonic() - began:.0f} s ({after} left after the last "
            f"kill): {tries} attempts, {len(good.kept)} and {len(bad.kept)} requests kept, {len(found)} faults"
        )
        engine.dispose()
    return found


def delays(folder: Path, events: int) -> tuple[float, float]:
    """The 95th percentile of seconds to a good receiver, alone and beside dead ones: measured in turns."""
    found: dict[int, list[float]] = {0: [], 3: []}
    for turn, others in enumerate((0, 3, 3, 0)):
        place = folder / str(turn)
        with receiving() as good, receiving(lambda _: Say(wait=lambda: time.sleep(5))) as slow:
            inside = (*tuple(urlsplit(one.url).netloc for one in (good, slow)), "127.0.0.1:9")
            settings = Settings(place, ready_database("sqlite", place), webhook_inside=inside)
            engine = open_database(settings.database)
            endpoints.add(engine, "webhook", good.url, types=["event.published"], by="test")
            for address in (slow.url, "http://127.0.0.1:9/", "https://nobody.invalid/")[:others]:
                endpoints.add(engine, "webhook", address, types=["event.published"], by="test")
            began = {}
            with Relay(engine, settings, alive(settings), "w", lambda _: False):
                for n in range(events):
                    began[n] = time.time()
                    rows.tell(engine, "event.published", f"thing{n}", {"n": n})
                    time.sleep(0.02)
                good.wait(events)
            found[others] += [one.at - began[json.loads(one.body)["data"]["n"]] for one in good.got]
            engine.dispose()
    alone, beside = (sorted(found[others])[int(len(found[others]) * 0.95)] for others in (0, 3))
    return alone, beside


def main() -> int:
    options = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    options.add_argument("--kills", type=int, default=100)
    options.add_argument("--events", type=int, default=10_000)
    options.add_argument("--seed", type=int, default=1)
    options.add_argument("--database", default="sqlite", choices=["sqlite", "postgresql"])
    options.add_argument("--delays", action="store_true")
    options.add_argument("--relay", nargs=2, metavar=("HOME", "DATABASE"))
    given = options.parse_args()
    if given.relay:
        inside = tuple(os.environ["REPURPOSE_WEBHOOK_INSIDE"].split(","))
        relay(Settings(Path(given.relay[0]), given.relay[1], webhook_inside=inside))
        return 0
    with tempfile.TemporaryDirectory(prefix="outbox") as folder:
        if given.delays:
            alone, beside = delays(Path(folder), given.events)
            print(
                f"95 % of {given.events} messages arrived within {alone:.2f} s, beside three dead endpoints {beside:.2f} s"
            )
            return 0
        found = chaos(Path(folder), given.kills, given.events, given.seed, given.database)
    print("\n".join(found) or "nothing lost, nothing twice, all in order")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
