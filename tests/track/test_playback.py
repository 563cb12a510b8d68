"""The built beacon and the server's rules over viewers by chance, against an oracle that knows every second.

`python -m tests.track.test_playback --count 10000` for more of them.
"""

from __future__ import annotations

import argparse
import gzip
import random
import sys
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
import pytest

from repurpose.models.film import Film, film
from repurpose.models.seconds import Counts, added, runs
from repurpose.track.arrived import read_batch
from repurpose.track.fold import RECEIVED, Arrival, Session, Visitor, arrive, fold
from repurpose.track.token import ViewToken
from tests.track.made import ASSET, EVENT, NOW, came
from tests.track.watching import Watched, beacon, scripts, watch

pytestmark = pytest.mark.skipif(not beacon().is_file(), reason="the beacon is not built: make site")
QUICK = 300
PAGE = ViewToken(EVENT, 1, NOW // 1000)  # made as the page was opened
LOST_S = 11  # what a crash, or going away without a network, may take: a stretch and its last look
SAME = ("watch_ms", "hidden_ms", "wall_ms", "end_ms", "loads", "plays", "seconds", "viewed", "half", "complete", "bits")


def test_it_is_small() -> None:
    assert len(gzip.compress(beacon().read_bytes(), 9)) <= 4 << 10


@dataclass
class Kept:
    """What a server has of some viewers, in memory."""

    of: Film
    known: dict[str, Session] = field(default_factory=dict)
    visitors: dict[tuple[str, str], Visitor] = field(default_factory=dict)
    seen: set[tuple[str, int]] = field(default_factory=set)
    heat: dict[str, tuple[Counts, Counts]] = field(default_factory=dict)
    counts: Counter[tuple[int, str, str]] = field(default_factory=Counter)

    def take(self, at: float, body: str) -> None:
        """A batch that arrives so many ms after the page was made."""
        batch = read_batch(body.encode())
        assert batch is not None and not batch.malformed, body
        arrival = arrive(batch, came(self.of, at=NOW + round(at), token=PAGE))
        assert isinstance(arrival, Arrival)
        made = fold([arrival], self.known, self.visitors, self.seen)
        for (_, asset), more in made.heat.items():
            plays, viewers = self.heat.get(asset, (np.zeros(0, np.uint32),) * 2)
            self.heat[asset] = added(plays, more.plays), added(viewers, more.viewers)
        self.counts += made.counts

    @property
    def seconds(self) -> set[int]:
        return {at for one in self.known.values() for first, end in runs(one.bits) for at in range(first, end)}

    @property
    def fates(self) -> Counter[str]:
        found: Counter[str] = Counter()
        for (_, _, fate), count in self.counts.items():
            found[fate] += count
        return found

    def state(self) -> object:
        """All that must not depend on the order in which batches came."""
        return (
            {psid: [getattr(one, name) for name in SAME] for psid, one in self.known.items()},
            {key: (one.bits, one.watch_ms) for key, one in self.visitors.items()},
            {asset: (plays.tolist(), viewers.tolist()) for asset, (plays, viewers) in self.heat.items()},
        )


def kept(watched: Watched, batches: Sequence[tuple[float, str]] | None = None) -> Kept:
    length = round(watched.script["duration"] * 1000)
    made = Kept(film(ASSET, EVENT, length, [(7_300, 7_300 + length)], 0))
    for at, body in watched.sent if batches is None else batches:
        made.take(at, body)
    return made


def judge(watched: Watched) -> tuple[int, int, int]:
    """How many seconds were counted that were not shown, shown that were not counted, and shown."""
    server = kept(watched)
    fates = server.fates
    assert fates["implausible"] == fates["late"] == 0, (watched.script, fates)
    assert sum(count for fate, count in fates.items() if fate != RECEIVED) == fates[RECEIVED]
    phantom, lost = server.seconds - watched.seconds, watched.seconds - server.seconds
    gone = any(act[1] in ("crash", "offline", "deaf") for act in watched.script["acts"])
    assert len(phantom) <= watched.edges, (watched.script, sorted(phantom))
    assert len(lost) <= watched.edges + LOST_S * gone * 3, (watched.script, sorted(lost))
    assert all(one.seconds <= server.of.seconds for one in server.known.values())
    return len(phantom), len(lost), len(watched.seconds)


def shuffled(watched: Watched, chance: random.Random) -> list[tuple[float, str]]:
    """Every batch three times, in any order, one in five late by hours."""
    copies = [(at + 3_600_000 * chance.uniform(0, 9) * (chance.random() < 0.2), body) for at, body in watched.sent * 3]
    chance.shuffle(copies)
    return copies


def check(count: int, seed: int) -> tuple[int, int, int]:
    total = [0, 0, 0]
    chance = random.Random(seed)
    for first in range(0, count, 500):
        for watched in watch(scripts(min(500, count - first), seed + first)):
            total = [a + b for a, b in zip(total, judge(watched), strict=True)]
            assert kept(watched).state() == kept(watched, shuffled(watched, chance)).state(), watched.script
    return total[0], total[1], total[2]


@pytest.mark.slow
def test_what_is_counted_is_what_was_shown() -> None:
    phantom, lost, shown = check(QUICK, 1)
    assert phantom <= shown * 0.002 and lost <= shown * 0.02


def test_a_skip_adds_at_most_a_second() -> None:
    given = [
        {"duration": 3600, "end": 60_000, "latency": 20, "acts": [[100, "play"], [5100, "seek", to], [9000, "pause"]]}
        for to in (6, 8, 60, 600, 3000)
    ]
    for watched in watch(given):
        assert len(kept(watched).seconds - watched.seconds) <= 1
        assert len(watched.seconds - kept(watched).seconds) <= 1


def test_a_loop_is_watched_once() -> None:
    acts: list[list[object]] = [[10, "play"]]
    for k in range(1, 10):
        acts += [[k * 15_100 + 20, "play"]]
    (watched,) = watch([{"duration": 15, "end": 200_000, "latency": 20, "acts": acts}])
    server = kept(watched)
    assert server.seconds == set(range(15)) and server.heat[ASSET][0].tolist() == [10] * 15
    assert [one.complete for one in server.known.values()] == [1]


def test_a_tab_that_comes_back_is_a_new_player() -> None:
    acts = [[10, "play"], [8000, "keep"], [20_000, "back"], [20_100, "play"], [26_000, "pause"]]
    (watched,) = watch([{"duration": 100, "end": 60_000, "latency": 20, "acts": acts}])
    assert len(kept(watched).known) == 2 and abs(len(kept(watched).seconds) - len(watched.seconds)) <= 2


def test_what_waits_while_there_is_no_network_comes_when_there_is() -> None:
    acts = [[10, "play"], [3000, "offline"], [63_000, "online"], [80_000, "pause"]]
    (watched,) = watch([{"duration": 300, "end": 200_000, "latency": 20, "acts": acts}])
    assert len(watched.seconds - kept(watched).seconds) <= 1


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--count", type=int, default=10_000)
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    phantom, lost, shown = check(given.count, given.seed)
    print(
        f"{given.count} scripts, {shown} seconds shown: {phantom} too many, {lost} lost, every roll-up the same in any order"
    )
    sys.exit(0)
