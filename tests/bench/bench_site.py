"""How fast the site answers: pages at a steady rate, seeks into a long film, many readers of ranges, and switches under load.

    python -m tests.bench.bench_site [--home DIR --slug NAME] [--seconds 20] [--rate 200]

Without `--home` an event of the sample's size is made: its own 36 minutes of film, 640 sentences, 14 chapters, 40 pages. The
server is `repurpose serve` in a process of its own, logging as it does in use; the client is this process. Pages come in an open
loop: each is asked for when it is due, whatever became of those before. The server's time is what its own log says a request
took, from its first byte in to its last byte out; the client's is from when the request was due, with whatever wait there was.
"""

from __future__ import annotations

import argparse
import asyncio
import io
import json
import os
import random
import statistics
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

import av
from PIL import Image

from repurpose.db import assets, events
from repurpose.models import Asset, Chapter, Chapters, Highlight, Highlights, Reason, VideoFacts
from repurpose.models.published import SiteSettings
from repurpose.pipeline import release
from repurpose.pipeline.workplace import Workplace
from repurpose.presets import assets as asset_folder
from repurpose.settings import Settings
from repurpose.web.signing import media_url
from tests.chaos import releases
from tests.publish.released import STEP, release_of
from tests.web.apart import Apart
from tests.web.load import Answer, Wires, arrivals, percentile

SLUG = "of-the-samples-size"
SENTENCES, CHAPTERS, PAGES = 640, 14, 40
PAGE_MS, SEEK_MS, READERS, GONE_S = 25.0, 50.0, 300, 1.0
SEEKS = 200
CHUNK = 1 << 18  # what a player takes of a film before it shows the moment
RANGE = 1 << 20


@dataclass(frozen=True)
class Found:
    """One figure beside its bar."""

    what: str
    value: float
    bar: float
    unit: str = "ms"
    more: str = ""

    @property
    def good(self) -> bool:
        return self.value <= self.bar

    def __str__(self) -> str:
        return f"{'ok    ' if self.good else 'MISSED'} {self.what}: {self.value:.1f} {self.unit} (bar {self.bar:g}) {self.more}"


def still(film: Path) -> bytes:
    """A picture of the film a minute from its start, as a JPEG of 1280x720."""
    with av.open(str(film)) as container:
        container.seek(60_000_000)
        picture = Image.fromarray(next(container.decode(video=0)).to_ndarray(format="rgb24"))
    drawn = io.BytesIO()
    picture.resize((1280, 720)).save(drawn, "JPEG", quality=80)
    return drawn.getvalue()


def made(place: Workplace) -> str:
    """An event as large as the sample's, published; its slug."""
    store, sample = place.store, next((asset_folder() / "demo").glob("*.mp4"))
    picture = store.put_bytes(still(sample), ".jpg")
    said = [f"这是第{k}句，说的是库存周转天数怎样从四十天降到二十四天，而交付没有慢下来。" for k in range(SENTENCES)]
    content = release_of(
        store,
        SLUG,
        title="库存怎样降下来：三家工厂的一年",
        said=said,
        pages=[f"看板 MES {k}" for k in range(PAGES)],
        site=SiteSettings(topics=("库存",)),
    )
    film = store.put_file(sample)
    length, each = SENTENCES * STEP, SENTENCES // CHAPTERS
    video = VideoFacts(codec="h264", width=1920, height=1080, rate_num=25, rate_den=1, smart_cut=True)
    recording = content.package.recording.model_copy(update={"media": film, "video": video, "duration": length})
    beside = tuple(
        Asset(path=path, kind=kind, file=picture, alt="一句话", width=1080, height=1440)  # type: ignore[arg-type]
        for kind, path in [("slide", f"slides/{k:03}.jpg") for k in range(PAGES)] + [("poster", f"posters/{k:02}.1080x1440.jpg") for k in range(8)]
    )  # fmt: skip
    package = content.package.model_copy(update={"recording": recording, "assets": content.package.assets + beside})
    chapters = tuple(
        Chapter(
            start=k * each * STEP,
            end=(k + 1) * each * STEP,
            title=f"第{k + 1}章 怎样看见库存",
            first=k * each,
            last=(k + 1) * each - 1,
        )
        for k in range(CHAPTERS)
    )
    dice = random.Random(1)
    ranked = tuple(
        Highlight(
            start=one.start,
            end=one.end,
            sentence=k,
            score=(score := dice.random()),
            because=(Reason(signal="words", share=score),),
        )
        for k, one in enumerate(content.spoken.sentences)
    )
    whole = content.model_copy(
        update={"package": package, "chapters": Chapters(items=chapters), "highlights": Highlights(items=ranked)}
    )
    event = events.create(place.engine, slug=SLUG, title=package.event.title, language="zh", date="2026-11-05")
    row = release.enter(place, event, whole, "bench")
    release.point(place, event.id, row.number, "bench")
    return SLUG


def pages(server: Apart, slug: str, rate: float, seconds: float) -> list[Found]:
    """The page of an event, asked for at a steady rate by readers who have nothing of it yet."""
    path, answers = f"/e/{slug}", list[Answer]()
    warm = list[Answer]()
    asyncio.run(arrivals(server.base, 20, 1, lambda _: path, warm.append, accept_encoding="gzip"))
    begins = server.log.stat().st_size
    before = os.times()
    asyncio.run(arrivals(server.base, rate, seconds, lambda _: path, answers.append, accept_encoding="gzip"))
    after = os.times()
    lines = [json.loads(line) for line in server.log.read_text()[begins:].splitlines() if line.startswith("{")]
    took = [line["ms"] for line in lines if line.get("path") == path]
    bad = sum(answer.status != 200 for answer in answers)
    waited = [answer.whole_s * 1000 for answer in answers]
    more = (
        f"{len(took)} pages of {len(answers[0].body) // 1000} KB, p50 {statistics.median(took):.1f}, p99 {percentile(took, 99):.1f}; "
        f"client p50 {statistics.median(waited):.1f}, p95 {percentile(waited, 95):.1f}; client's own CPU {(after.user - before.user + after.system - before.system) / seconds:.0%}"
    )
    return [
        Found(f"/e/{slug} at {rate:.0f}/s, p95 of the server's time", percentile(took, 95), PAGE_MS, more=more),
        Found("pages that failed", bad, 0, ""),
    ]


def seeks(server: Apart, url: str, size: int) -> list[Found]:
    """A player that jumps: a new connection, from a chance byte to the end, until the first 256 KB are there."""
    dice = random.Random(2)

    async def jump() -> Answer:
        wires = Wires(server.base)
        return await wires.ask(url, most=CHUNK, range=f"bytes={dice.randrange(size - CHUNK)}-")

    async def all_of_them() -> list[Answer]:
        return [await jump() for _ in range(SEEKS)]

    answers = asyncio.run(all_of_them())
    first, whole = [a.first_s * 1000 for a in answers], [a.whole_s * 1000 for a in answers]
    odd = [answer for answer in answers if answer.status != 206 or len(answer.body) != CHUNK]
    print(*(f"{each.status} {each.body[:80]!r}" for each in odd[:3]), sep="\n", end="\n" if odd else "")
    bad = len(odd)
    more = f"p50 {statistics.median(first):.1f}, slowest {max(first):.1f}; 256 KB p95 {percentile(whole, 95):.1f}"
    return [
        Found(
            f"{SEEKS} seeks into {size / 1e6:.0f} MB of film, p95 of the first byte",
            percentile(first, 95),
            SEEK_MS,
            more=more,
        ),
        Found("seeks that failed", bad, 0, ""),
    ]


def readers(server: Apart, url: str, file: Path) -> list[Found]:
    """Three hundred at the same time, each with three ranges of a megabyte."""
    dice, size, bad = random.Random(3), file.stat().st_size, list[str]()
    content = file.read_bytes()
    gate = asyncio.Event()

    async def reader() -> None:
        wires = Wires(server.base)
        await gate.wait()
        for _ in range(3):
            start = dice.randrange(size - RANGE)
            answer = await wires.ask(url, range=f"bytes={start}-{start + RANGE - 1}")
            if answer.status != 206 or answer.body != content[start : start + RANGE]:
                bad.append(f"{answer.status} {answer.body[:80]!r}")
        wires.close()

    async def all_of_them() -> None:
        asked = [asyncio.create_task(reader()) for _ in range(READERS)]
        await asyncio.sleep(0.1)
        gate.set()
        await asyncio.gather(*asked)

    began = time.monotonic()
    asyncio.run(all_of_them())
    took = time.monotonic() - began
    print(*bad[:5], sep="\n", end="\n" if bad else "")
    return [
        Found(
            f"{READERS} readers of ranges at once, those that failed",
            len(bad),
            0,
            "",
            f"{3 * READERS} MB in {took:.1f} s",
        )
    ]


def switches(rate: float, seconds: float) -> list[Found]:
    """Publish and roll back while it is read."""
    with tempfile.TemporaryDirectory() as folder:
        told, times, last = releases.switched(Path(folder), rate, seconds)
    print(*told.faults[:5], sep="\n", end="\n" if told.faults else "")
    more = f"{sum(told.seen.values())} pages at {rate:.0f}/s of {len(told.seen)} releases over {times} switches, client p95 {percentile(told.took, 95) * 1000:.1f} ms"
    return [
        Found("pages that mix releases, or failed", len(told.faults), 0, "", more),
        Found("given out after the withdrawal", last * 1000, GONE_S * 1000),
    ]


def main() -> int:
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    options.add_argument("--home", type=Path)
    options.add_argument("--slug", default="webinar")
    options.add_argument("--rate", type=float, default=200)
    options.add_argument("--seconds", type=float, default=20)
    options.add_argument("--only", choices=("pages", "films", "switches"))
    asked = options.parse_args()
    found: list[Found] = []
    with tempfile.TemporaryDirectory() as folder:
        home = (asked.home or Path(folder) / "home").absolute()
        settings = Settings(home=home, database=f"sqlite:///{home / 'repurpose.db'}")
        with Workplace(settings) as place:
            slug = asked.slug if asked.home else made(place)
            event = events.by_slug(place.engine, slug)
            assert event is not None
            film = next(
                row
                for row in assets.of_release(place.engine, event.id, event.release or 0)
                if row.kind == assets.REPLAY
            )
            url, file = media_url(film.id, Path(film.path).name, settings), place.store.path(film.file)
            with Apart(home, quiet=False) as server:
                if asked.only in (None, "pages"):
                    found += pages(server, slug, asked.rate, asked.seconds)
                if asked.only in (None, "films"):
                    found += seeks(server, url, film.file.size)
                    found += readers(server, url, file)
                server.log.unlink(missing_ok=True)
    if asked.only in (None, "switches"):
        found += switches(asked.rate, asked.seconds)
    print(*found, sep="\n")
    return 0 if all(one.good for one in found if not one.unit) else 1  # a time says as much of the machine as of us


if __name__ == "__main__":
    sys.exit(main())
