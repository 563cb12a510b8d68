"""The client: what it sends, what it gives back, and how it takes a connection that breaks."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from repurpose.client import ApiError, Client
from repurpose.db import events, orders, recordings
from tests.web.served import Served, published, served


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    with served(tmp_path_factory.mktemp("client") / "home") as made:
        yield made


@pytest.mark.slow
def test_it_does_what_the_api_does(server: Served, tmp_path: Path) -> None:
    shown = published(server.place)
    (tmp_path / "talk.mp4").write_bytes(b"0123456789" * 200_000)
    with Client(server.base, server.keys["publisher"]) as api:
        event = api.create_event("A talk", slug="a-talk", site={"summary": "Short."})
        recording = api.add_recording(event["id"], api.upload(tmp_path / "talk.mp4"))
        assert (recording["name"], recording["bytes"]) == ("talk.mp4", 2_000_000)
        changed = api.change_event(event, title="Another title")
        with pytest.raises(ApiError) as stale:
            api.change_event(event, title="Late")
        assert (stale.value.status, stale.value.kind) == (412, "/problems/changed")
        assert api.event(event["id"]) == changed
        assert {one["id"] for one in api.events(state="published")["items"]} == {shown.id}
        assert api.choose(event["id"], keep=[{"start": 0, "end": 1000}])["keep"] == [{"start": 0, "end": 1000}]
        film = next(one for one in api.assets(shown.id) if one["kind"] == "video")
        assert api.download(film, tmp_path / "film.mp4").stat().st_size == film["bytes"]
        person = api.create_person("林晓", "lin-xiao")
        assert api.choose_content(person["id"], [shown.id])["content"] == [shown.id]
        assert api.card("lin-xiao")["items"][0]["event"] == shown.id
        assert api.create_link("event", event=shown.id, channel="mail")["short"].startswith(server.base)
        assert api.search("库存成本")[0]["event"] == shown.id
        assert api.withdraw(shown.id)["state"] == "withdrawn"
        assert api.feed()["items"] == []
        with pytest.raises(ApiError, match="The event has no recording"):
            api.start_run(api.create_event("Empty")["id"])


def test_a_file_that_is_no_film_ends_in_a_reason(server: Served, tmp_path: Path) -> None:
    (tmp_path / "not.mp4").write_bytes(b"no film")
    with Client(server.base, server.keys["editor"]) as api:
        event = api.create_event("No film")
        api.add_recording(event["id"], api.upload(tmp_path / "not.mp4"))
        last = list(api.run(event["id"]))[-1]
    assert last["state"] == "failed"
    assert "not.mp4" in last["why"]


def test_a_run_that_waits_is_cancelled_at_once(server: Served) -> None:
    engine = server.place.engine
    event = events.create(engine, slug="waits", title="Waits")
    blob = server.place.store.put_bytes(b"x", ".mp4")
    recordings.add(engine, event.id, "recording", "x.mp4", blob, "test")
    runner = server.app.state.runner
    runner.__exit__(None, None, None)  # nobody works
    try:
        with Client(server.base, server.keys["editor"]) as api:
            run = api.start_run(event.id)
            assert run["state"] == "waiting"
            with pytest.raises(ApiError) as twice:
                api.start_run(event.id)
            assert twice.value.status == 409
            assert api.cancel_run(run["id"])["state"] == "cancelled"
            assert [one["state"] for one in api.progress(run["id"])] == ["cancelled"]
        assert orders.claim(engine, "somebody") is None
    finally:
        runner.__enter__()
