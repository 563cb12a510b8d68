"""A short link leads only where it may, however its target is written."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from repurpose.publish.links import allowed, is_host, why_not
from repurpose.settings import Settings
from tests.publish.hostile import EVIL, GOOD, forms

HOSTS = (GOOD, "*.example.org")


@pytest.mark.parametrize(
    "target",
    [
        f"https://{GOOD}", f"https://{GOOD}/", f"https://{GOOD}:443/a", f"https://{GOOD}?q=1", f"https://{GOOD}#top",
        "https://WWW.Example.COM/A", f"https://{GOOD}/@lin/a;b=c,d/%E5%BA%93?x=[1]&y=a+b#it's(1)!*$~", "https://live.example.org/",
        "https://a.b.example.org/x",
    ],
)  # fmt: skip
def test_plain_https_at_a_listed_host_is_fine(target: str) -> None:
    assert why_not(target, HOSTS) == ""


def test_hostile_targets_are_refused() -> None:
    tried = forms(5000)
    assert len(tried) == 5000
    assert [target for target in tried if not why_not(target, HOSTS)] == []


@pytest.mark.parametrize(
    ("target", "why"),
    [
        (f"http://{GOOD}/", "does not begin with https"),
        ("https://other.example.com/", "REPURPOSE_LINK_HOSTS"),
        ("https://example.org/", "REPURPOSE_LINK_HOSTS"),  # not below it
        (f"https://{GOOD}@{EVIL}/", "not the plain name"),
        (f"https://{GOOD}/a b", "%XX"),
        (f"https://{GOOD}/%0a", "control sign"),
        (f"https://{GOOD}/{'a' * 2000}", "longer"),
    ],
)
def test_the_reason_is_said(target: str, why: str) -> None:
    assert why in why_not(target, HOSTS)


def test_a_host_written_as_a_number_is_never_one() -> None:
    for name in ("127.0.0.1", "2130706433", "0x7f.1", "a.0x7f", "1.2", "[::1]", "a", "", "a..b", "-a.com", "a-.com", "ä.com", "A.com"):  # fmt: skip
        assert not is_host(name), name


def test_the_site_itself_may_be_led_to(tmp_path: Path) -> None:
    settings = Settings(home=tmp_path, database="")
    assert not allowed("https://live.example.com/e/a", settings)
    assert allowed("https://live.example.com/e/a", replace(settings, public_url="https://live.example.com"))
    assert allowed("https://shop.example.net/", replace(settings, link_hosts=("shop.example.net",)))
