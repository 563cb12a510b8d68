"""A browser reads an address in its own way; whatever a short link may lead to, it takes to the same listed host."""

from __future__ import annotations

import random
from typing import Any

import pytest

from repurpose.publish.links import why_not
from tests.publish.hostile import GOOD, forms

pytestmark = pytest.mark.browser
HOSTS = (GOOD, "*.example.org")
SIGNS = "/\\@:?#.%\t\r\n\x00 　。．／＠[]xX0-_~&=;'\"<>{}|^`é库"
READ = """targets => targets.map(target => {
    try { const url = new URL(target); return [url.protocol, url.hostname, url.username + url.password, url.port]; }
    catch { return null; }
})"""


def bent(count: int) -> list[str]:
    """Good targets with a few signs put in, taken out or changed."""
    chance = random.Random(5)
    made = []
    for _ in range(count):
        signs = list(chance.choice((f"https://{GOOD}/a?b=c#d", "https://live.example.org:443/x", f"https://{GOOD}")))
        for _ in range(chance.randint(1, 3)):
            at = chance.randrange(len(signs))
            signs[at : at + chance.randint(0, 2)] = chance.choice(SIGNS) * chance.randint(0, 2)
        made.append("".join(signs))
    return made


def test_chromium_agrees_on_where_an_allowed_target_leads(chromium: Any) -> None:
    tried = forms(5000) + bent(20_000)
    page = chromium.new_page()
    read = page.evaluate(READ, tried)
    page.close()
    fine = [(target, found) for target, found in zip(tried, read, strict=True) if not why_not(target, HOSTS)]
    assert len(fine) > 500  # the bending leaves some whole
    for target, found in fine:
        protocol, host, user, port = found
        assert (protocol, user, port) == ("https:", "", ""), target
        assert host == GOOD or host.endswith(".example.org"), target
