"""The console in a real browser: from signing in to the cut that viewers asked for, shown, and the lead whom sales calls."""

from __future__ import annotations

import re
from base64 import b64encode
from collections import Counter
from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any

import httpx
import pytest

from repurpose.db import events
from repurpose.db.films import films_of
from repurpose.db.jobs import now
from repurpose.media import ffmpeg
from repurpose.models.base import DAY_MS
from repurpose.track.writer import write
from tests.browser.test_page import CONTRAST
from tests.browser.test_site import Reader
from tests.leads.audience import known, watching
from tests.track.made import AGENT
from tests.web.served import Served, served

pytestmark = [pytest.mark.browser, pytest.mark.slow]
SAID = (
    "欢迎来到今天的库存公开课。", "第一个问题是库存成本从哪里来。", "周转天数降低了百分之四十。", "关键一步是每天对一次账。",
    "第二步是让销售看到同一张表。", "仓库里的货每周点一次数。", "工厂的计划跟着订单走。", "供应商也看得到这张表。",
    "我们先从一条产线开始。", "三周以后又加了两条。", "问题出在没有人对数字负责。", "所以每个数字都有一个名字。",
    "班组长每天早上看五分钟。", "看的是昨天差在哪里。", "差得最多的先说原因。", "然后约好今天做什么。", "最后我们来看三个月以后的结果。", "谢谢大家，我们下次再见。",
)  # fmt: skip
STEP = 6
SHORT = 'at_most = "15s"\nat_least = "9s"\nwithin = "1min"\naim = "hook"\nrenders = ["landscape"]\n'
NONE = 'at_most = "60s"\nat_least = "45s"\naim = "point"\nrenders = []\n'  # chosen, for the short one to lie in
SIZES = ((390, "zh", "dark"), (1440, "en", "light"), (390, "en", "light"), (1440, "zh", "dark"))
UNNAMED = """() => [...document.querySelectorAll("a, button, input:not([type=hidden]), select, summary")].filter((one) => {
  const label = one.labels?.[0]?.textContent ?? "";
  return one.checkVisibility() && !(one.textContent.trim() || one.getAttribute("aria-label") || label.trim() || one.querySelector("img[alt]:not([alt=''])"));
}).map((one) => one.outerHTML.slice(0, 120))"""
WIDE = "() => document.documentElement.scrollWidth > innerWidth"


@pytest.fixture(scope="module")
def at(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    """A talk of some seconds, really made and published by the API, that eight watched, half of them its middle again."""
    folder = tmp_path_factory.mktemp("console")
    cuts = folder / "presets" / "cuts"
    cuts.mkdir(parents=True)
    for name, text in (("15s", SHORT), ("1min", NONE)):
        (cuts / f"{name}.toml").write_text(text)
    with served(folder / "home", presets=folder / "presets") as server:
        made(server, folder)
        engine, event = server.place.engine, events.by_slug(server.place.engine, "ku-cun")
        assert event is not None
        replay = max(films_of(engine, event.id).values(), key=lambda one: one.length)
        whole, begins = [(0, STEP * len(SAID) - 1)], now() - DAY_MS
        hot = untaken(server, event.id)
        for number in range(8):
            again = [] if number % 2 else [hot, hot]
            write(engine, [watching(number, replay, whole + again, when=begins)], Counter())
        there = SimpleNamespace(base=server.base, place=server.place, event=event, server=server, hot=hot)
        there.lead = known(there, 0, source="form", when=begins + 1, name="周岚", title="CMO", company="远山科技")
        for role in ("admin", "viewer"):
            server.session(role)
        yield there


def untaken(server: Served, event: str) -> tuple[int, int]:
    """Two sentences, in seconds, of which the short version shows nothing."""
    shown = [span for one in short(server, event) for span in one["spans"]]
    for number in range(1, len(SAID) - 2):
        at, end = number * STEP, (number + 2) * STEP - 1
        if all(b <= at * 1000 or a >= end * 1000 for a, b in shown):
            return at, end
    raise AssertionError(shown)


def short(server: Served, event: str) -> list[dict[str, Any]]:
    with server.client("admin") as api:
        items = api.get(f"/api/v1/events/{event}/assets").json()["items"]
    return [one for one in items if one["kind"] == "video" and one["cut"] == "15s"]


def made(server: Served, folder: Any) -> None:
    film, words = folder / "replay.mp4", folder / "replay.srt"
    length = STEP * len(SAID)
    ffmpeg.run(
        "-f", "lavfi", "-i", f"testsrc2=s=320x180:r=25:d={length}", "-f", "lavfi", "-i", f"sine=220:d={length}", "-c:v", "libx264",
        "-preset", "ultrafast", "-pix_fmt", "yuv420p", "-c:a", "aac", "-movflags", "+faststart", "-shortest", film,
    )  # fmt: skip
    lines = [f"{n + 1}\n{moment(n * STEP)} --> {moment(n * STEP + STEP - 1)}\n{text}\n" for n, text in enumerate(SAID)]
    words.write_text("\n".join(lines), "utf-8")
    with server.client("admin") as api:
        event = api.post("/api/v1/events", json={"title": "库存怎样降下来", "slug": "ku-cun", "language": "zh"}).json()[
            "id"
        ]
        for kind, path in (("recording", film), ("subtitles", words)):
            upload = sent(api, path)
            assert api.post(f"/api/v1/events/{event}/recordings", json={"kind": kind, "upload": upload}).is_success
        run = api.post(f"/api/v1/events/{event}/runs", json={}).json()["id"]
        told = api.get(f"/api/v1/runs/{run}/progress", timeout=1200).text
        assert '"state":"done"' in told.replace(" ", ""), told[-600:]
        assert api.post(f"/api/v1/events/{event}/publications", json={}).is_success


def moment(second: int) -> str:
    return f"00:{second // 60:02}:{second % 60:02},000"


def sent(api: httpx.Client, path: Any) -> str:
    """The id of the file, uploaded."""
    data = path.read_bytes()
    tus = {"tus-resumable": "1.0.0"}
    name = {"upload-length": str(len(data)), "upload-metadata": f"filename {b64encode(path.name.encode()).decode()}"}
    place = api.post("/api/v1/uploads", headers=tus | name).headers["location"]
    kind = {"content-type": "application/offset+octet-stream", "upload-offset": "0"}
    assert api.patch(place, headers=tus | kind, content=data).is_success
    return str(place).rpartition("/")[2]


def sign_in(page: Any, base: str, path: str, role: str) -> None:
    """Open a page of the console, and come to it by the form."""
    page.goto(base + path)
    page.fill("[name=email]", f"{role}@example.com")
    page.fill("[name=password]", f"the {role} may come in")
    page.click("main button")
    page.wait_for_url(base + path)


def test_from_signing_in_to_the_cut_and_the_lead(chromium: Any, at: Any) -> None:
    with Reader(chromium, at) as page:
        page.set_default_timeout(120_000)
        sign_in(page, at.base, "/console", "admin")
        page.click(".row")
        ask = page.locator(".ask").first
        assert "{}:{:02}–".format(*divmod(at.hot[0], 60)) in ask.inner_text()
        ask.locator("button").click()
        page.wait_for_url("**/console/e/ku-cun?done=run")
        page.wait_for_selector("[data-run]", state="detached", timeout=900_000)
        page.wait_for_load_state()
        assert page.locator(".panel.bad").count() == 0, page.locator(".panel.bad").inner_text()
        assert "已做好" in page.locator(".ask").first.inner_text()
        page.click(".does button >> text=发布新做的版本")
        page.wait_for_url("**?done=published")
        assert "第 2 版" in page.locator(".under").inner_text()
        assert any(a <= at.hot[0] * 1000 + 3000 < b for one in short(at.server, at.event.id) for a, b in one["spans"])
        page.locator(".films .cover").first.click()
        page.wait_for_function("() => document.querySelector('dialog video')?.readyState > 1")
        page.keyboard.press("Escape")
        page.click(".places a >> nth=1")
        page.click(".lead-card h2 a")
        page.wait_for_url(f"**/console/leads/{at.lead}")
        link = page.locator(".whys a").first
        assert link.get_attribute("href").startswith("/e/ku-cun?t=")
    with httpx.Client(base_url=at.base) as nobody:
        assert nobody.get("/e/ku-cun").status_code == 200


def headline(base: str, reader: int) -> str:
    """The title as this reader is shown it."""
    found = httpx.get(f"{base}/e/ku-cun", headers={"user-agent": f"{AGENT} reader/{reader}"}).text
    return "".join(re.findall(r'<h1 id="title">(.*?)</h1>', found, re.DOTALL)).replace("<wbr>", "")


def test_another_title_is_tried_and_kept(chromium: Any, at: Any) -> None:
    with Reader(chromium, at) as page:
        sign_in(page, at.base, "/console/e/ku-cun", "admin")
        before = {headline(at.base, reader) for reader in range(20)}
        page.click("summary >> text=试另一个标题或封面")
        page.fill("#compare-title", "三周降下四成库存")
        page.click(".fields .button")
        page.wait_for_url("**?done=compare")
        assert "进行中" in page.locator(".trial").inner_text()
        both = {headline(at.base, reader) for reader in range(20)}
        assert len(before) == 1 and len(both) == 2 and before < both
        page.click(".trial summary >> text=停止，保留 B")
        page.click(".trial .sure[open] button")
        page.wait_for_url("**?done=compared")
        assert {headline(at.base, reader) for reader in range(20)} == both - before
        page.click(".trial summary >> text=改为展示 A")
        page.click(".trial .sure[open] button")
        page.wait_for_url("**?done=compared")
        assert {headline(at.base, reader) for reader in range(20)} == before
        page.click("summary >> text=试另一个标题或封面")
        page.fill("#compare-title", "换一个标题")
        page.click(".fields .button")  # left running: the pages below are looked at with it
        page.wait_for_url("**?done=compare")


@pytest.mark.parametrize(("width", "language", "theme"), SIZES)
def test_every_page_reads_well(chromium: Any, at: Any, width: int, language: str, theme: str) -> None:
    with Reader(chromium, at, width, theme) as page:
        page.set_default_timeout(120_000)
        sign_in(page, at.base, "/console", "admin")
        for path in ("/console", "/console/e/ku-cun", "/console/leads", f"/console/leads/{at.lead}"):
            page.goto(f"{at.base}{path}?lang={language}")
            assert page.evaluate(CONTRAST) == [], path
            assert page.evaluate(UNNAMED) == [], path
            assert not page.evaluate(WIDE), f"{path} is wider than its window"
            assert page.locator("html").get_attribute("lang") == ("zh-CN" if language == "zh" else "en")


def test_withdrawing_is_asked_once_more_and_works_without_script(chromium: Any, at: Any) -> None:
    with Reader(chromium, at, java_script_enabled=False) as page:
        sign_in(page, at.base, "/console/e/ku-cun", "admin")
        assert not page.locator("text=确认撤回").is_visible()
        page.click("summary >> text=撤回")
        page.click("text=确认撤回")
        page.wait_for_url("**?done=withdrawn")
        page.click("text=重新发布")
        page.wait_for_url("**?done=shown")
