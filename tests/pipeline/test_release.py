"""What a run has made becomes a release of its event."""

from __future__ import annotations

from pathlib import Path

import pytest

from repurpose.context import Context
from repurpose.db import events, releases
from repurpose.db.search import search
from repurpose.errors import UserError
from repurpose.models import Chapters, Highlights, Package, Slides, Transcript
from repurpose.pipeline.local import run_locally
from repurpose.pipeline.release import draft, publish, release
from repurpose.pipeline.run import Run
from repurpose.pipeline.stage import Stage
from repurpose.pipeline.workplace import Workplace
from repurpose.text.addresses import address_of
from tests.pipeline import toy
from tests.publish.released import release_of


def spoken(source: toy.Text, ctx: Context) -> Transcript:
    return release_of(ctx.store, film=source.text).spoken


def chapters(source: toy.Text, ctx: Context) -> Chapters:
    return release_of(ctx.store, film=source.text).chapters


def slides(source: toy.Text, ctx: Context) -> Slides:
    return release_of(ctx.store, film=source.text).slides


def highlights(source: toy.Text, ctx: Context) -> Highlights:
    return Highlights()


def package(source: toy.Text, ctx: Context) -> Package:
    return release_of(ctx.store, film=source.text).package


GRAPH = tuple(
    Stage(function.__name__, function, needs=("source",))
    for function in (spoken, chapters, slides, highlights, package)
)


def begun(place: Workplace, text: str = "one", name: str = "库存公开课") -> Run:
    return toy.begin(place, text, name=name, graph=GRAPH)


def made(place: Workplace, text: str = "one", name: str = "库存公开课") -> Run:
    run = begun(place, text, name)
    run_locally(run)
    run.look()
    return run


def test_a_run_is_released_and_shown(tmp_path: Path) -> None:
    with toy.workplace(tmp_path) as place:
        event = publish(place, made(place), "cli")
        assert (event.slug, event.title, event.language, event.date) == (
            "ku-cun-gong-kai-ke", "库存怎样降下来", "zh", "2026-11-05",
        )  # fmt: skip
        assert (event.state, event.release) == ("published", 1)
        assert [found.slug for found in search(place.engine, "库存成本")] == [event.slug]
        again = publish(place, made(place), "cli")
        assert again.release == 1 and len(releases.of_event(place.engine, event.id)) == 1


def test_a_draft_is_made_once_and_unseen(tmp_path: Path) -> None:
    with toy.workplace(tmp_path) as place:
        run = begun(place)
        first = draft(place, run)
        assert first == draft(place, run) and (first.state, first.title, first.run) == ("draft", "库存公开课", run.id)
        assert events.shown(place.engine) == []
        other = draft(place, begun(place, name="库存 公开课"))
        assert other.slug == "ku-cun-gong-kai-ke-2"
        nameless = draft(place, begun(place, name="🙂"))
        assert nameless.slug == f"event-{nameless.run}"[:14]


def test_a_new_recording_of_the_same_name_is_the_same_event(tmp_path: Path) -> None:
    with toy.workplace(tmp_path) as place:
        first = publish(place, made(place, "one"), "cli")
        run = made(place, "two")
        second = publish(place, run, "cli")
        assert (second.id, second.release, second.run) == (first.id, 2, run.id)
        assert second.published == first.published and second.updated > first.updated


def test_what_is_not_made_cannot_be_published(tmp_path: Path) -> None:
    with toy.workplace(tmp_path) as place, pytest.raises(UserError, match=r"库存公开课 cannot be published yet"):
        release(place, begun(place), "cli")


@pytest.mark.parametrize(
    ("name", "address"),
    [
        ("库存 Webinar 2", "ku-cun-webinar-2"),
        ("重庆站：精益", "chong-qing-zhan-jing-yi"),
        ("Élan & Co.", "elan-co"),
        ("直播回放" * 40, "-".join(["zhi-bo-hui-fang"] * 4)[:58]),
        ("x" * 100, "x" * 60),
        ("🙂？！", ""),
        ("產品", "chan-pin"),
    ],
)
def test_addresses_can_be_read(name: str, address: str) -> None:
    assert address_of(name) == address
