"""`python -m workers [celery worker options]`: a worker for every queue, as many jobs at once as there are pairs of cores."""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence

from repurpose.errors import UserError
from repurpose.pipeline.graph import GRAPH
from repurpose.pipeline.stage import Stage
from repurpose.pipeline.workplace import cores
from repurpose.settings import Settings, settings_from
from workers.app import app_for
from workers.tasks import REAP_EVERY_S, Tasks


def main(
    settings: Settings,
    options: Sequence[str],
    *,
    graph: Sequence[Stage] = GRAPH,
    tools: Mapping[str, str] | None = None,
    reap_every_s: float = REAP_EVERY_S,
) -> None:
    """Work until told to stop (SIGTERM lets running jobs end)."""
    app = app_for(settings)
    Tasks(app, settings, graph=graph, tools=tools, reap_every_s=reap_every_s)
    queues = ",".join(sorted({stage.queue for stage in graph}))
    at_once = str(max(1, cores() // 2))
    app.worker_main(["worker", "--queues", queues, "--concurrency", at_once, "--loglevel", "WARNING", *options])


if __name__ == "__main__":
    try:
        main(settings_from(), sys.argv[1:])
    except UserError as error:
        sys.exit(f"{error}")
