"""The page in WeChat's browser: its script is loaded under the site's policy, and is told what the card shows."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from repurpose.web.site.wechat import signature
from tests.web.served import served
from tests.web.test_wechat import APP, PHONE, SECRET, Fake, given_cards, shown

pytestmark = [pytest.mark.browser, pytest.mark.slow]
WX = """
window.told = {}
window.wx = {
  config: (about) => { told.config = about },
  ready: (then) => setTimeout(then, 0),
  updateAppMessageShareData: (card) => { told.message = card },
  updateTimelineShareData: (card) => { told.timeline = card },
}"""


@pytest.mark.parametrize("path", ["/e/ku-cun", "/c/lin"], ids=["event", "smart card"])
@pytest.mark.parametrize("inside", [True, False], ids=["in WeChat", "elsewhere"])
def test_the_card_is_told_in_wechat_only(tmp_path: Path, chromium: Any, inside: bool, path: str) -> None:
    fake = Fake()
    keys = {"wechat_app": APP, "wechat_secret": SECRET, "wechat_api": fake.base}
    with served(tmp_path / "home", **keys) as server:
        shown(server)
        given_cards(server)
        context = chromium.new_context(user_agent=PHONE["user-agent"]) if inside else chromium.new_context()
        context.set_default_timeout(120_000)
        asked, logged = [], []
        context.route("https://res.wx.qq.com/**", lambda route: route.fulfill(content_type="text/javascript", body=WX))
        page = context.new_page()
        page.on("request", lambda request: asked.append(request.url))
        page.on("console", lambda message: logged.append(message.text))
        page.goto(f"{server.base}{path}#main")
        if inside:
            page.wait_for_function("() => window.told && told.timeline")
            told = page.evaluate("() => JSON.parse(JSON.stringify(told))")
            config, message = told["config"], told["message"]
            url = f"{server.base}{path}"
            assert config["signature"] == signature("ticket-1", config["nonceStr"], config["timestamp"], url)
            assert message["link"].startswith(f"{server.base}/l/") and message["imgUrl"] == f"{url}/square.jpg"
            assert message["title"] and message["desc"] and told["timeline"]["title"] == message["title"]
            assert SECRET not in json.dumps(told)
        else:
            page.wait_for_load_state("networkidle")
            assert not [url for url in asked if "wx.qq.com" in url or "signature" in url] and fake.asked == []
        context.close()
    fake.server.shutdown()
    fake.server.server_close()
    assert logged == []
