"""A film as HLS: who holds a mark may play all of its ladder, and nothing else, until it ends or the event is withdrawn."""

from __future__ import annotations

import re
from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any

import pytest

from repurpose.db import assets, events, releases
from repurpose.models import Ladder, Rung, StreamFile
from repurpose.models.published import SiteSettings
from repurpose.pipeline import release
from repurpose.web.signing import media_url, stream_url
from tests.publish.released import release_of
from tests.web.served import served

RUNG, LIST = "720p-aaaaaaaaaaaa.mp4", "720p-bbbbbbbbbbbb.m3u8"


@pytest.fixture(scope="module")
def at(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    """An event whose replay has a ladder of one rung, and another event with one of its own."""
    with served(tmp_path_factory.mktemp("streams") / "home") as server:
        store, made = server.place.store, {}
        for slug, media in (("ku-cun", "signed"), ("other", "public")):
            files = (("master.m3u8", f"{LIST}\n"), (RUNG, "0123456789" * 100 + slug), (LIST, f"#EXTM3U {RUNG}"))
            ladder = Ladder(
                film="replay",
                rungs=(Rung(width=1280, height=720, copied=True),),
                files=tuple(
                    StreamFile(name=name, file=store.put_bytes(text.encode(), f".{name.rpartition('.')[2]}"))
                    for name, text in files
                ),
            )
            site = SiteSettings(media=media)  # type: ignore[arg-type]
            content = release_of(store, slug, site=site).model_copy(update={"streams": (ladder,)})
            row = events.create(server.place.engine, slug=slug, title=slug, settings=site)
            number = release.enter(server.place, row, content, "test").number
            event = release.point(server.place, row.id, number, "test")
            made[slug] = (event, {row.path: row for row in assets.of_release(server.place.engine, event.id, number)})
        with server.client() as client:
            yield SimpleNamespace(server=server, client=client, events=made)


def ladder(at: Any, slug: str = "ku-cun") -> str:
    """The address of a ladder's master playlist, without its name."""
    row = at.events[slug][1]["hls/replay/master.m3u8"]
    return stream_url(row.id, "master.m3u8", at.server.place.settings).rpartition("/")[0]


@pytest.mark.slow
def test_one_mark_opens_a_ladder_and_nothing_else(at: Any) -> None:
    base, settings = ladder(at), at.server.place.settings
    master = at.client.get(f"{base}/master.m3u8")
    assert master.headers["content-type"] == "application/vnd.apple.mpegurl" and master.text == f"{LIST}\n"
    assert at.client.get(f"{base}/{LIST}").text == f"#EXTM3U {RUNG}"
    part = at.client.get(f"{base}/{RUNG}", headers={"range": "bytes=10-19"})
    assert (part.status_code, part.content, part.headers["content-type"]) == (206, b"0123456789", "video/mp4")
    for name in (
        "replay.mp4",
        "../replay.mp4",
        "..%2freplay.mp4",
        "transcript.txt",
        "720p-cccccccccccc.mp4",
        "%00",
        "",
    ):
        assert at.client.get(f"{base}/{name}").status_code in (404, 403), name
    held = base.split("/")[2]
    other = at.events["ku-cun"][1]["replay.mp4"].id
    assert at.client.get(f"/h/{held}/{other}/replay.mp4").status_code == 404
    for bad in ("-", "x", held[:-1], "1" + held, f"{held}x", held.replace(".", ".A", 1)):
        answer = at.client.get(f"/h/{bad}/{base.split('/')[3]}/master.m3u8")
        assert (answer.status_code, answer.json()["type"]) == (403, "/problems/link-ended"), bad
    # neither does the mark of a file open a ladder
    mark = re.search(r"e=(\d+)&s=(.+)", media_url(base.split("/")[3], "master.m3u8", settings))
    assert mark and at.client.get(f"/h/{mark[1]}.{mark[2]}/{base.split('/')[3]}/master.m3u8").status_code == 403


@pytest.mark.slow
def test_the_page_and_the_api_lead_to_it(at: Any) -> None:
    page = at.client.get("/e/ku-cun").text
    found = re.search(r'data-stream="(/h/[^"]+/master\.m3u8)"', page)
    assert found and at.client.get(found[1]).status_code == 200
    assert re.search(r'data-player="/a/hls\.js', page) and '<script src="/a/hls' not in page
    bare = at.client.get(f"/embed/{at.events['ku-cun'][1]['replay.mp4'].id}").text
    assert 'data-stream="/h/' in bare
    with at.server.client("viewer") as client:
        items = client.get(f"/api/v1/events/{at.events['ku-cun'][0].id}/assets").json()["items"]
    [master] = [one for one in items if one["path"] == "hls/replay/master.m3u8"]
    assert master["kind"] == "stream" and at.client.get(master["url"]).text == f"{LIST}\n"


@pytest.mark.slow
def test_public_media_are_streamed_without_a_mark(at: Any) -> None:
    base = f"/h/-/{at.events['other'][1]['hls/replay/master.m3u8'].id}"
    assert at.client.get(f"{base}/{RUNG}").content.endswith(b"other")
    assert f'data-stream="{base}/master.m3u8"' in at.client.get("/e/other").text


@pytest.mark.slow
def test_withdrawn_is_gone_at_once(at: Any) -> None:
    base, event = ladder(at), at.events["ku-cun"][0]
    names = ("master.m3u8", LIST, RUNG)
    assert {at.client.get(f"{base}/{name}").status_code for name in names} == {200}
    releases.withdraw(at.server.place.engine, event.id)
    for name in names:
        answer = at.client.get(f"{base}/{name}", headers={"range": "bytes=0-9"})
        assert (answer.status_code, answer.headers["cache-control"]) == (410, "no-store"), name
    releases.point(at.server.place.engine, event.id, event.release, ())
    assert at.client.get(f"{base}/{RUNG}").status_code == 200
