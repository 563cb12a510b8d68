"""How far three ways of counting are from what was really watched, over the same viewers.

    python -m tests.bench.bench_rules [--count 1000]

Ours is the built beacon and the server's rules. The other two are written anew from what is known of how they count:

- Snowplow's media plugin keeps a set of seconds; between two time updates while the player is not paused it fills every second,
  both ends included, unless more than an hour lies between them.
- PeerTube's server keeps sections; every five seconds a player tells where it is and moves the end of the last section there, a
  seek opens a new one, and what was watched is the sum of their lengths.

The error of a visit is how many seconds it is off; PeerTube's is told for the length it calls watched. The other two do not ask
whether anybody could see the player, so they are held against all that was played.
"""

from __future__ import annotations

import argparse
import statistics
import sys
from collections.abc import Sequence

from tests.track.test_playback import kept
from tests.track.watching import Watched, scripts, watch

SNOWPLOW_STEP_S = 3600
PEERTUBE_EVERY_MS = 5000


def snowplow(trace: Sequence[tuple[float, int, str]]) -> set[int]:
    """The seconds it would say were watched."""
    found: set[int] = set()
    last: int | None = None
    for _, position, what in trace:
        now = position // 1000
        if what != "pause" and last is not None and abs(now - last) <= SNOWPLOW_STEP_S:
            found |= set(range(last, now + 1)) if now >= last else {now}
        last = now
    return found


def peertube(trace: Sequence[tuple[float, int, str]]) -> float:
    """The seconds it would say were watched."""
    sections: list[list[float]] = []
    told = -PEERTUBE_EVERY_MS
    for at, position, what in trace:
        if what == "seek":
            sections.append([position, position])
        elif what == "play" and at - told >= PEERTUBE_EVERY_MS:
            told = int(at)
            if sections:
                sections[-1][1] = position
            else:
                sections.append([position, position])
    return sum(max(0.0, end - start) for start, end in sections) / 1000


def off(visits: Sequence[Watched]) -> dict[str, list[float]]:
    """By how many seconds each way is off, visit by visit."""
    found: dict[str, list[float]] = {"ours": [], "the Snowplow rule": [], "the PeerTube rule": []}
    for one in visits:
        found["ours"].append(len(kept(one).seconds ^ one.seconds))
        found["the Snowplow rule"].append(len(snowplow(one.trace) ^ one.played))
        found["the PeerTube rule"].append(abs(peertube(one.trace) - len(one.played)))
    return found


def main() -> int:
    options = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    options.add_argument("--count", type=int, default=1000)
    options.add_argument("--seed", type=int, default=11)
    asked = options.parse_args()
    visits: list[Watched] = []
    for first in range(0, asked.count, 500):
        made = scripts(min(500, asked.count - first), asked.seed + first, network=False, crash=False)
        visits += watch([{**one, "trace": True} for one in made])
    shown = sum(len(one.seconds) for one in visits)
    for name, errors in off(visits).items():
        share = 100 * sum(errors) / shown
        print(f"{name}: {statistics.mean(errors):.2f} s a visit ({share:.2f} % of what was watched), 99 of 100 within "
              f"{sorted(errors)[int(0.99 * len(errors))]:.0f} s, at most {max(errors):.0f} s")  # fmt: skip
    print(f"{len(visits)} visits, {shown} seconds watched")
    return 0


if __name__ == "__main__":
    sys.exit(main())
