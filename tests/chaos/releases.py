"""Releases that are switched while the site is read: no page mixes two of them, every file it names is its own, and what is withdrawn is gone.

    python -m tests.chaos.releases [--rate 200] [--seconds 20]

Each release has its mark in every word and file of it. Readers come in an open loop; beside them a publisher shows one release
after the other, goes back, makes new ones, and at last takes the event down.
"""

from __future__ import annotations

import argparse
import asyncio
import collections
import re
import sys
import tempfile
import threading
import time
from dataclasses import dataclass, field
from pathlib import Path

import httpx

from repurpose.db import assets, events
from repurpose.models import Asset
from repurpose.models.published import SiteSettings
from repurpose.pipeline import release
from repurpose.pipeline.workplace import Workplace
from repurpose.settings import Settings
from tests.publish.released import release_of
from tests.web.apart import Apart
from tests.web.load import Answer, Wires, arrivals, in_own_loop, percentile

SLUG = "switched"
MARK = re.compile(r"mark(\d+)mark")
ASSET = re.compile(r"as_[a-z2-7]{20}")
PATHS = (f"/e/{SLUG}", f"/e/{SLUG}?lang=en", f"/e/{SLUG}?lang=zh")
GONE_S = 1.0
FETCHED = 10  # every so many pages one of its files is fetched too


@dataclass
class Told:
    """What the readers saw."""

    faults: list[str] = field(default_factory=list)
    seen: collections.Counter[int] = field(default_factory=collections.Counter)
    took: list[float] = field(default_factory=list)
    films: dict[str, int] = field(default_factory=dict)  # address -> mark of the page it stood on
    gone: list[tuple[float, int]] = field(
        default_factory=list
    )  # when a page was asked for and how it was answered, from the end on


def make(place: Workplace, number: int) -> set[str]:
    """A release that says `number` everywhere, shown; the ids of its files."""
    mark = f"mark{number}mark"
    said = tuple(f"{mark} 第{k}句，周转天数降低了百分之{k}。" for k in range(120))
    site = SiteSettings(summary=mark, topics=(mark,))
    content = release_of(
        place.store, SLUG, title=mark, said=said, film=mark, pages=tuple(f"{mark} {k}" for k in range(12)), site=site
    )
    kinds = {"poster": "posters/01.1080x1440.png", "deck": "slides/slides.pdf"}
    more = tuple(
        Asset(path=path, kind=kind, file=place.store.put_bytes(f"{mark} {path}".encode(), path[-4:]), alt=mark)  # type: ignore[arg-type]
        for kind, path in kinds.items()
    )
    package = content.package.model_copy(update={"assets": content.package.assets + more})
    event = events.by_slug(place.engine, SLUG) or events.create(
        place.engine, slug=SLUG, title="switched", language="zh"
    )
    row = release.enter(place, event, content.model_copy(update={"package": package}), "test")
    release.point(place, event.id, row.number, "test")
    return {each.id for each in assets.of_release(place.engine, event.id, row.number)}


class Publisher(threading.Thread):
    """Switches without a pause: mostly between releases there are, by the API; at times to a new one."""

    def __init__(self, place: Workplace, server: Apart, key: str, ids: dict[int, set[str]]) -> None:
        super().__init__(name="publisher")
        self.place, self.ids, self.stop, self.switched, self.faults = place, ids, threading.Event(), 0, list[str]()
        self.event = events.by_slug(place.engine, SLUG)
        self.client = httpx.Client(base_url=server.base, headers={"authorization": f"Bearer {key}"}, timeout=60)

    def run(self) -> None:
        assert self.event is not None
        path = f"/api/v1/events/{self.event.id}"
        while not self.stop.wait(0.02):
            self.switched += 1
            if self.switched % 25 == 0:
                number = max(self.ids) + 1
                self.ids[number] = make(self.place, number)
                continue
            kept = [one["number"] for one in self.client.get(f"{path}/publications").json()["items"]]
            answer = (
                self.client.post(f"{path}/rollback", json={})
                if self.switched % 5 == 0
                else self.client.post(f"{path}/publications/{kept[self.switched % len(kept)]}/show")
            )
            if answer.status_code not in (200, 422):  # before the oldest there is none
                self.faults.append(f"a switch is answered {answer.status_code}: {answer.text}")

    def warm(self) -> None:
        """Show each release once, and look at it: the server has then read all it reads once in its life."""
        assert self.event is not None
        for number in self.ids:
            self.client.post(f"/api/v1/events/{self.event.id}/publications/{number}/show")
            for path in PATHS:
                self.client.get(path)

    def withdraw(self) -> float:
        """Take it down; when that was answered."""
        assert self.event is not None
        answer = self.client.post(f"/api/v1/events/{self.event.id}/withdraw")
        if answer.status_code != 200:
            self.faults.append(f"the withdrawal is answered {answer.status_code}: {answer.text}")
        return time.monotonic()


def judge(answer: Answer, told: Told, ids: dict[int, set[str]]) -> None:
    """One page: all of one release, or a fault."""
    text = answer.body.decode("utf-8", "replace")
    told.took.append(answer.whole_s)
    marks = {int(found) for found in MARK.findall(text)}
    if answer.status != 200 or len(marks) != 1:
        told.faults.append(f"{answer.path} is answered {answer.status} with marks {sorted(marks)} {text[:120]!r}")
        return
    mark = marks.pop()
    told.seen[mark] += 1
    if mark not in ids:
        return  # made this very moment; its files are known a little later
    strange = set(ASSET.findall(text)) - ids[mark]
    if strange:
        told.faults.append(f"{answer.path} shows release {mark} with files of another: {sorted(strange)}")
    film = re.search(r'src="(/m/[^"]+replay\.mp4[^"]*)"', text)
    if film and sum(told.seen.values()) % FETCHED == 0:
        told.films[film[1].replace("&amp;", "&")] = mark


async def fetch(base: str, told: Told) -> None:
    """Films of pages that were seen: each is its page's own, and what is kept stays there while others are shown."""
    wires = Wires(base)
    for path, mark in list(told.films.items()):
        answer = await wires.ask(path)
        if answer.status != 200 or f"mark{mark}mark".encode() not in answer.body:
            told.faults.append(f"the film of release {mark} is answered {answer.status} {answer.body[:60]!r}")
    wires.close()


def switched(folder: Path, rate: float, seconds: float) -> tuple[Told, int, float]:
    """What was seen, how often it was switched, and how long after the withdrawal something was still given out."""
    home = folder / "home"
    settings = Settings(home=home, database=f"sqlite:///{home / 'repurpose.db'}")
    told = Told()
    with Workplace(settings) as place, Apart(home) as server:
        ids = {number: make(place, number) for number in range(1, 6)}
        publisher = Publisher(place, server, server.key("publish", "read"), ids)
        publisher.warm()
        publisher.start()
        try:
            in_own_loop(
                arrivals(
                    server.base, rate, seconds, lambda n: PATHS[n % len(PATHS)], lambda answer: judge(answer, told, ids)
                )
            )
            publisher.stop.set()
            publisher.join()
            # Those that are kept no more than the newest ten may be gone by now; of the others none may.
            kept = set(sorted(ids)[-8:])
            told.films = {path: mark for path, mark in told.films.items() if mark in kept}
            in_own_loop(fetch(server.base, told))
            last = in_own_loop(taken_back(server, publisher, told, rate))
        finally:
            publisher.stop.set()
            publisher.join()
            publisher.client.close()
        told.faults += publisher.faults
    return told, publisher.switched, last


async def taken_back(server: Apart, publisher: Publisher, told: Told, rate: float) -> float:
    """Withdraw it while it is read: how many seconds after that the last page or file was given out."""
    paths = [*PATHS, *list(told.films)[:3]]
    answers: list[Answer] = []
    loop = asyncio.get_running_loop()
    reading = asyncio.create_task(arrivals(server.base, rate, 3, lambda n: paths[n % len(paths)], answers.append))
    await asyncio.sleep(1)
    at = await loop.run_in_executor(None, publisher.withdraw)
    await reading
    odd = {answer.status for answer in answers} - {200, 410}
    if odd:
        told.faults.append(f"around the withdrawal pages and files are answered {sorted(odd)}")
    if not any(answer.status == 410 for answer in answers):
        told.faults.append("nothing is answered 410 after the withdrawal")
    late = [answer.due - at for answer in answers if answer.status == 200 and answer.due > at]
    return max(late, default=0.0)


def main() -> int:
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    options.add_argument("--rate", type=float, default=200)
    options.add_argument("--seconds", type=float, default=20)
    asked = options.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        told, times, last = switched(Path(folder), asked.rate, asked.seconds)
    pages = sum(told.seen.values())
    print(
        f"{pages} pages at {asked.rate:.0f}/s of {len(told.seen)} releases over {times} switches, {len(told.films)} films; "
        f"p95 {percentile(told.took, 95) * 1000:.1f} ms; the last thing given out {last * 1000:.0f} ms after the withdrawal; {len(told.faults)} faults"
    )  # fmt: skip
    print("\n".join(told.faults[:40]))
    return 1 if told.faults or last > GONE_S else 0


if __name__ == "__main__":
    sys.exit(main())
