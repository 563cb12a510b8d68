"""The whole loop on the sample: published, its registrants taken in, watched by many, told of, and cut again as they ask.

    python -m tests.bench.endtoend [--visitors 200] [--in-browser 8] [--home DIR] [--offline 60] [--no-render] [--seed 1]

DIR is the home that `make demo` left (REPURPOSE_HOME; else .repurpose here): all is done on a copy of it, and what is not made
there, or no longer as the program would make it, is made first. The program is run as users run it. What `repurpose report` and the API then say is held against sums made second by second with sets
(`tests.bench.expected`); exit 1 and a line for each thing that does not agree.
"""

from __future__ import annotations

import argparse
import csv
import json
import os
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

import httpx
from sqlalchemy import update

from repurpose.db import events, releases
from repurpose.db.session import writing
from repurpose.db.tables import events as event_rows
from repurpose.models.published import Release
from repurpose.pipeline.workplace import Workplace
from tests.bench.agreeing import ROOT, Walk, answered, check_cut, check_leads, check_report
from tests.bench.expected import TOPS, Lines, seen_by
from tests.bench.visiting import Shown, Site, browse, films_of, visit
from tests.bench.visitors import DAY, Span, Visitor, audience

REGISTRANTS = ROOT / "assets" / "demo" / "registrants.csv"
CHANNEL = "公众号"
SHORT = 90_000
ENV = {"REPURPOSE_SECRET": "of-the-walk-" * 4, "REPURPOSE_PROXIES": "127.0.0.1", "REPURPOSE_VIEW_RATE": "1000000",
       "REPURPOSE_API_RATE": "1000000"}  # fmt: skip


def walk(
    home: Path, name: str, *, visitors: int, in_browser: int = 0, offline_s: float = 0, make: bool = True, seed: int = 1
) -> list[str]:
    """The whole of it over `home`, where the event `name` is on the site; what does not agree."""
    port = _free_port()
    base = f"http://127.0.0.1:{port}"
    env = {**os.environ, **ENV, "REPURPOSE_HOME": str(home), "REPURPOSE_PUBLIC_URL": base}
    env.pop("REPURPOSE_DATABASE", None)
    on = Walk(env, name)
    event, tops, hot = _stage(on)
    said = {row["email"]: row for row in csv.DictReader(REGISTRANTS.read_text("utf-8-sig").splitlines())}
    told = json.loads(on.say("leads", "import", str(REGISTRANTS), "--event", event.slug, "--json"))
    on.same("registrants taken in", told.get("new"), len(said))
    sheet = home / "links.csv"
    on.say("links", event.slug, "--csv", str(sheet))
    linked = list(csv.DictReader(sheet.read_text("utf-8-sig").splitlines()))
    on.same("personal links", len({one["link"] for one in linked}), len(said))
    key = on.say("key", "walk", *(f"--scope={one}" for one in ("read", "ingest", "publish", "leads"))).strip()
    with _serving(on, base, port), httpx.Client(base_url=f"{base}/api/v1", timeout=300) as api:
        api.headers["authorization"] = f"Bearer {key}"
        found = answered(api.post("/links", json={"kind": "event", "event": event.id, "channel": CHANNEL}))
        films = films_of(answered(api.get(f"/events/{event.id}/assets"))["items"])
        site = Site(
            base, on.settings, event.slug, event.id, event.release or 1,
            {one["email"]: one["link"].rpartition("/")[2] for one in linked}, found["code"],
        )  # fmt: skip
        now = time.time_ns() // 1_000_000
        everyone = audience(visitors + in_browser, list(said), films, hot, now, seed)
        watching = [one for one in everyone if one.kind == "hot"][-in_browser:] if in_browser else []
        for one in watching:
            one.consents, one.form, one.by, one.pressed, one.played = True, True, "site", None, []
            one.email = one.email or f"browser{one.number}@example.com"
        over_http = [one for one in everyone if one not in watching]
        began = time.monotonic()
        sent = visit(site, over_http)
        print(f"{len(over_http)} visitors over HTTP in {time.monotonic() - began:.0f} s", flush=True)
        shown = _browsed(site, watching, hot, offline_s)
        lines = Lines()
        seen = seen_by(over_http, lines, CHANNEL)
        check_report(on, api, site, seen, shown, hot, over_http)
        check_leads(on, everyone, sent, shown, said, lines, tops, films)
        if make:
            check_cut(on, api, event.id, seen, hot)
    return on.faults


def _stage(on: Walk) -> tuple[events.EventRow, list[Span], Span]:
    """The event, shown first four days ago; its best moments; and a stretch of whole sentences that no short cut shows."""
    with Workplace(on.settings) as place:
        row = events.of_name(place.engine, on.name) or events.by_slug(place.engine, on.name)
        assert row is not None, f"{on.name} is not on the site"
        with writing(place.engine) as connection:
            at = (time.time_ns() // 1_000_000 // DAY - 4) * DAY
            connection.execute(update(event_rows).where(event_rows.c.id == row.id).values(published=at))
        held = releases.load(place.engine, row.id, row.release or 1)
        assert held is not None
        release = place.store.get(held.digest, Release)
    spoken = [one for one in release.highlights.items if one.kind not in ("greeting", "housekeeping") and one.score > 0]
    tops = sorted(spoken, key=lambda one: (-one.score, one.start))[:TOPS]
    short = [
        (span.start, span.end)
        for one in release.package.assets
        if one.kind == "video" and one.duration_ms and one.duration_ms <= SHORT
        for span in one.spans
    ]
    said = release.spoken.sentences
    spans = [
        (said[a].start, said[b].end)
        for a in range(len(said) // 3, len(said))
        for b in range(a, min(len(said), a + 5))
        if 9000 <= said[b].end - said[a].start <= 14_000
    ]
    shown = [sum(max(0, min(b, y) - max(a, x)) for x, y in short) for a, b in spans]
    return row, [(one.start, one.end) for one in tops], min(zip(shown, spans, strict=True))[1]


@contextmanager
def _serving(on: Walk, base: str, port: int) -> Iterator[None]:
    command = [sys.executable, "-m", "repurpose", "serve", "--port", str(port), "-q"]
    with (Path(on.env["REPURPOSE_HOME"]) / "serve.log").open("wb") as log:
        child = subprocess.Popen(command, env=on.env, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=log)
    try:
        ends = time.monotonic() + 900
        while True:
            assert child.poll() is None and time.monotonic() < ends, "repurpose serve does not answer"
            try:
                httpx.get(base, timeout=600)
                break
            except httpx.ConnectError:
                time.sleep(0.1)
        yield
    finally:
        child.terminate()
        child.wait(600)


def _browsed(site: Site, watching: Sequence[Visitor], hot: Span, offline_s: float) -> list[Shown]:
    if not watching:
        return []
    from tests.conftest import CHROMIUM

    began = time.monotonic()
    made = browse(site, watching, hot, CHROMIUM, offline_s)
    print(f"{len(made)} visitors in Chromium in {time.monotonic() - began:.0f} s", flush=True)
    return made


def _free_port() -> int:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return int(taken.getsockname()[1])


def main() -> int:
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    options.add_argument("--visitors", type=int, default=200)
    options.add_argument("--in-browser", type=int, default=8, help="of them, in Chromium")
    options.add_argument("--home", type=Path, default=Path(os.environ.get("REPURPOSE_HOME", ".repurpose")))
    options.add_argument("--event", default="webinar")
    options.add_argument("--offline", type=float, default=60, help="seconds that the first in Chromium has no network")
    options.add_argument("--no-render", action="store_true", help="do not make the proposed cut")
    options.add_argument("--seed", type=int, default=1)
    asked = options.parse_args()
    with TemporaryDirectory(prefix="endtoend") as folder:
        home = Path(folder) / "home"
        if asked.home.is_dir():
            shutil.copytree(asked.home, home)
        on = Walk({**os.environ, **ENV, "REPURPOSE_HOME": str(home)}, asked.event)
        on.say("demo", "-q", "--out", str(Path(folder) / "out"))
        print(on.say("publish", asked.event).strip(), flush=True)
        faults = walk(
            home, asked.event, visitors=asked.visitors - asked.in_browser, in_browser=asked.in_browser,
            offline_s=asked.offline, make=not asked.no_render, seed=asked.seed,
        )  # fmt: skip
    print(f"{asked.visitors} visitors, {len(faults)} things do not agree")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
