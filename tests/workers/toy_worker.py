"""A worker on the toy graph: `python -m tests.workers.toy_worker HOME BROKER NAME`."""

from __future__ import annotations

import sys
from dataclasses import replace
from pathlib import Path

from tests.pipeline import toy
from workers.__main__ import main

if __name__ == "__main__":
    home, broker, name = sys.argv[1:]
    settings = replace(toy.settings(Path(home)), broker=broker)
    options = ["--hostname", f"{name}@localhost", "--concurrency", "1", "--without-mingle", "--without-gossip"]
    main(settings, options, graph=toy.GRAPH, tools=toy.TOOLS, reap_every_s=1.0)
