"""Where a short link may lead. Asked when it is made and again each time it is followed, since the list may have changed."""

from __future__ import annotations

import re
from collections.abc import Collection
from urllib.parse import urlsplit

from repurpose.settings import Settings

LONGEST = 2000  # characters: what every browser and proxy takes
# Narrower than RFC 3986 on purpose. Where programs read an address in different ways (WHATWG's rules take \ for /, drop tabs
# and line ends, decode %-signs in hosts, count 0x7f.1 as a number), nothing of that kind gets in to be read.
_LABEL = r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?"
_HOST = re.compile(rf"(?:{_LABEL}\.)+[a-z](?:[a-z0-9-]{{0,61}}[a-z0-9])")
_TARGET = re.compile(r"https://(?P<host>[^/?#:]+)(?::443)?(?:[/?#](?P<rest>[A-Za-z0-9\-._~:/?#\[\]@!$&'()*+,;=%]*))?")
_ESCAPE = re.compile(r"%(?![0-9A-Fa-f]{2})|%(?:[01][0-9A-Fa-f]|5[Cc]|7[Ff])")


def allowed(target: str, settings: Settings) -> bool:
    """May a link lead there? To https addresses at the hosts of the settings, and to the site itself."""
    return why_not(target, hosts_of(settings)) == ""


def hosts_of(settings: Settings) -> tuple[str, ...]:
    """The hosts links may lead to: those listed, and the site's own."""
    own = urlsplit(settings.public_url).hostname
    return (*settings.link_hosts, *([own] if own and is_host(own) else []))


def is_host(name: str) -> bool:
    """Is it the plain name of a host, in small letters: no number in any form, no sign beyond a-z, 0-9 and hyphens?"""
    return len(name) <= 253 and _HOST.fullmatch(name) is not None


def why_not(target: str, hosts: Collection[str]) -> str:
    """The reason a link may not lead to `target`, as one clause; empty when it may. `*.example.com` in `hosts` stands for
    every host below example.com."""
    if len(target) > LONGEST:
        return f"it is longer than {LONGEST} characters"
    if not target.startswith("https://"):
        return "it does not begin with https://"
    match = _TARGET.fullmatch(target)
    if match is None:
        return "it has a sign that must be written as %XX, a name before the host, or a port"
    host = match["host"].lower()
    if not is_host(host):
        return f"{host!r} is not the plain name of a host"
    if not any(host == one or (one.startswith("*.") and host.endswith(one[1:])) for one in hosts):
        return f"{host} is not among the hosts links may lead to (REPURPOSE_LINK_HOSTS)"
    if _ESCAPE.search(target):
        return "it has a broken %XX, or one that hides a control sign or a backslash"
    return ""
