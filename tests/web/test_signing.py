"""Links that are signed: good until their moment, for one file, and for nothing that was changed in them."""

from __future__ import annotations

import dataclasses
import random
import string
from pathlib import Path
from urllib.parse import parse_qs, unquote, urlsplit

import pytest

from repurpose import secret
from repurpose.settings import Settings
from repurpose.web import signing

AT = 1_790_000_123.5
ASSET, NAME = "as_0123456789abcdefghij", "30分钟 精华版.mp4"


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(home=tmp_path, database="sqlite://", secrets=("first" * 8,))


def parts(url: str) -> tuple[str, str, str, str]:
    """asset, name, end and mark as a server reads them."""
    found = urlsplit(url)
    asset, name = (unquote(one) for one in found.path.split("/")[2:])
    query = parse_qs(found.query)
    return asset, name, query["e"][0], query["s"][0]


def test_a_link_is_good_for_its_file_until_it_ends(settings: Settings) -> None:
    asset, name, end, mark = parts(signing.media_url(ASSET, NAME, settings, AT))
    assert (asset, name) == (ASSET, NAME)
    assert 5 * 3600 <= int(end) - AT <= 6 * 3600
    assert signing.may_fetch(asset, name, end, mark, settings, AT)
    assert not signing.may_fetch(asset, name, end, mark, settings, int(end))
    assert not signing.may_fetch(asset, "other.mp4", end, mark, settings, AT)
    assert not signing.may_fetch(asset[:-1], asset[-1] + name, end, mark, settings, AT)


def test_a_link_is_the_same_for_an_hour(settings: Settings) -> None:
    change = signing.links_change(AT)
    same = {signing.media_url(ASSET, NAME, settings, at) for at in (AT, AT + 1, change - 0.001)}
    assert len(same) == 1
    assert signing.media_url(ASSET, NAME, settings, change) not in same


def test_a_longer_life_than_we_give_is_not_ours(settings: Settings) -> None:
    end = str(int(AT) + signing.LONGEST_S + 1)
    assert not signing.may_fetch(ASSET, NAME, end, signing.mark("media", settings, ASSET, NAME, end), settings, AT)


def test_ten_thousand_changed_links_are_refused(settings: Settings) -> None:
    rng = random.Random(5)
    whole = parts(signing.media_url(ASSET, NAME, settings, AT))
    signs = string.ascii_letters + string.digits + "-_=.+/ \x00é١"
    tried = 0
    while tried < 10_000:
        changed = list(whole)
        which = rng.randrange(4)
        text = list(changed[which])
        kind, at = rng.randrange(4), rng.randrange(len(text))
        if kind == 0:
            text[at] = rng.choice(signs)
        elif kind == 1:
            text.insert(at, rng.choice(signs))
        elif kind == 2:
            del text[at]
        else:
            text[at:] = rng.choices(signs, k=rng.randrange(8))
        changed[which] = "".join(text)
        if tuple(changed) == whole:
            continue
        tried += 1
        assert not signing.may_fetch(*changed, settings, AT), changed


def test_the_last_sign_has_one_spelling(settings: Settings) -> None:
    """43 signs of base64 carry two bits more than 32 bytes: decoding would take four spellings of each mark."""
    asset, name, end, mark = parts(signing.media_url(ASSET, NAME, settings, AT))
    good = [one for one in string.printable if signing.may_fetch(asset, name, end, mark[:-1] + one, settings, AT)]
    assert good == [mark[-1]]


def test_two_secrets_are_alive_while_they_change(settings: Settings) -> None:
    old = parts(signing.media_url(ASSET, NAME, settings, AT))
    both = dataclasses.replace(settings, secrets=("second" * 8, *settings.secrets))
    after = dataclasses.replace(settings, secrets=("second" * 8,))
    assert signing.may_fetch(*old, both, AT)
    assert not signing.may_fetch(*old, after, AT)
    assert signing.may_fetch(*parts(signing.media_url(ASSET, NAME, both, AT)), after, AT)


def test_the_home_keeps_a_secret_of_its_own(tmp_path: Path) -> None:
    settings = Settings(home=tmp_path / "new", database="sqlite://")
    link = parts(signing.media_url(ASSET, NAME, settings, AT))
    secret.kept.cache_clear()  # as after a new start
    assert signing.may_fetch(*link, settings, AT)
    assert (settings.home / "secret").stat().st_mode & 0o077 == 0
    assert [path.name for path in settings.home.iterdir()] == ["secret"]


def test_a_token_is_for_one_purpose_and_ends(settings: Settings) -> None:
    given = signing.token("form", "ev_1 你好", settings, 60, AT)
    assert signing.text_of("form", given, settings, AT + 59) == "ev_1 你好"
    assert signing.text_of("form", given, settings, AT + 61) is None
    assert signing.text_of("session", given, settings, AT) is None
    for broken in ("", ".", "..", given[:-1], given + "x", "x" + given, given.replace(".", "", 1)):
        assert signing.text_of("form", broken, settings, AT) is None
