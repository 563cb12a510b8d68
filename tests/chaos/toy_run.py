"""One run of the toy graph: `python -m tests.chaos.toy_run HOME`."""

from __future__ import annotations

import sys
from pathlib import Path

from repurpose.errors import Cancelled
from repurpose.pipeline.local import run_locally
from tests.pipeline import toy

TEXT = toy.TALK + " slow"  # a few tenths of a second in all, so that kills hit it at work

if __name__ == "__main__":
    try:
        with toy.workplace(Path(sys.argv[1])) as place:
            run_locally(toy.begin(place, TEXT))
    except (Cancelled, KeyboardInterrupt):
        sys.exit(130)
