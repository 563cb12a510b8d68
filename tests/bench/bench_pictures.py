"""How long pictures take: a poster in every look and size, and the full set of an event.

    make demo && python -m tests.bench.bench_pictures

The set is that of the sample webinar, which `make demo` has made (in REPURPOSE_HOME where that is set): portraits, posters, points
and summary are made anew from what was found then, one after the other, as after a change of brand. Nothing is kept of it.
"""

from __future__ import annotations

import statistics
import sys
import tempfile
import time
from pathlib import Path

from repurpose.context import Context
from repurpose.models import Picture
from repurpose.pipeline.execute import made
from repurpose.pipeline.run import Run
from repurpose.pipeline.stage import Job
from repurpose.pipeline.workplace import Workplace
from repurpose.settings import settings_from
from tests.design.gallery import cells, hung

EVENT = "webinar"
STAGES = ("portraits", "posters", "points", "summary")
A_POSTER_S, A_SET_S = 0.4, 30.0  # wanted


def main() -> int:
    """Print what a poster takes, and what the set does; 1 where there is no set to make."""
    hung(next(cells()))  # fonts and phrases are read once
    took: list[tuple[float, str]] = []
    for cell in cells():
        began = time.perf_counter()
        drawn = hung(cell) is not None  # with its gates, and read back: a little more than drawing it
        took += [(time.perf_counter() - began, cell.name)] if drawn else []
    worst, name = max(took)
    middle = statistics.median(seconds for seconds, _ in took)
    print(
        f"{len(took)} posters, checked: {middle:.2f} s in the middle, {worst:.2f} s at most ({name}); wanted {A_POSTER_S}"
    )
    with Workplace(settings_from()) as place, tempfile.TemporaryDirectory() as folder:
        job = Run.named(place, EVENT)
        works = [job.work(Job(stage)) for stage in STAGES] if job else []
        if not works or None in works:
            print(f"There is no finished run of {EVENT} in {place.settings.home}: `make demo` first.", file=sys.stderr)
            return 1
        whole, pictures = 0.0, 0
        for work in works:
            assert work
            ctx = Context(Path(folder), place.store, lambda done: None, lambda: None, place.threads)
            began = time.perf_counter()
            result = made(place, work, ctx)
            seconds = time.perf_counter() - began
            found: tuple[Picture, ...] = getattr(result, "pictures", ())
            print(f"{work.job.stage:<10} {seconds:5.1f} s  {len(found)} pictures")
            whole, pictures = whole + seconds, pictures + len(found)
    print(f"the set of {pictures} pictures took {whole:.1f} s (wanted {A_SET_S:.0f})")
    return 0


if __name__ == "__main__":
    sys.exit(main())
