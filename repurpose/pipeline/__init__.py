"""The table of stages and the two ways through it.

    from repurpose.pipeline.workplace import Workplace      # opened settings: .store, .engine, .tools, .threads
    from repurpose.pipeline.run import Run                  # one recording's way through the graph
    from repurpose.pipeline.local import Outcome, Progress, run_locally

    with Workplace(settings) as place:                      # open it before putting anything in the store
        taken = take_in(paths, place.store, None, None)     # ingest.intake
        roots = roots_of(taken, place.store, place.engine)  # ingest.roots
        run = Run.open(place, taken.event.name, roots, presets)
        outcome = run_locally(run, report=on_progress)      # on_progress(Progress), from any thread; Ctrl-C -> Cancelled
        package = run.result(Job("package"), Package)       # None while it is not made

`Progress(job, state, fraction, seconds, why)`: state is running, done, skipped, failed or cancelled; job is
`Job(stage, variant)`; a job that was already done before this run is never reported. `Outcome(executed, skipped, failed,
blocked, seconds)`: executed is a list of jobs, skipped and failed are dicts of job -> reason, blocked the jobs that wait
for a failed one; `outcome.errors` has the exception of each failed job. `Run.load(place, run_id)`,
`Run.named(place, name)` (None when there is none) and `runs_of(place)` find earlier runs; `run.rows()` gives job ->
JobRow(state, progress, worker, attempt, reason, started, ended, seconds ...), times in ms since 1970, for a timeline.
`run.jobs()` lists every job in order; `run.weight(job)` is its expected share of the work, for a bar.
"""
