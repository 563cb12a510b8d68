"""Which addresses may be told anything: none inside our own network, whatever name it goes by. Pure."""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Collection
from urllib.parse import SplitResult, urlsplit

from repurpose.errors import UserError

PORTS = (443, 8443)
WECOM = "qyapi.weixin.qq.com"
_LABEL = r"[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?"
_HOST = re.compile(rf"(?=.{{1,253}}$){_LABEL}(?:\.{_LABEL})*\.?", re.IGNORECASE)
_NUMBER = re.compile(r"(0x[0-9a-f]+|[0-9]+)(\.(0x[0-9a-f]+|[0-9]+))*|.*:.*")  # an address, however it is spelled
# What `is_global` lets through though it leads, or may lead, inside.
_INSIDE = [
    ipaddress.ip_network(one)
    for one in (
        "100.64.0.0/10",  # shared: carriers, and where clouds keep their metadata (100.100.100.200)
        "168.63.129.16/32",  # a cloud's agent
        "192.0.0.0/24",  # protocol assignments, and another's metadata
        "192.88.99.0/24",  # 6to4 relays
        "224.0.0.0/4",  # many at once
        "240.0.0.0/4",
        "::/96",  # IPv4 as IPv6, the old way
        "64:ff9b::/96",  # and by translation
        "64:ff9b:1::/48",
        "2001::/32",  # Teredo
        "2002::/16",  # 6to4
        "fec0::/10",  # sites' own, the old way
        "ff00::/8",
    )
]


def is_outside(address: str) -> bool:
    """May something be sent to this IP address? Only when everybody can reach it, and it is no other one in disguise."""
    try:
        ip = ipaddress.ip_address(address)
    except ValueError:
        return False
    if isinstance(ip, ipaddress.IPv6Address) and ip.ipv4_mapped is not None:
        ip = ip.ipv4_mapped
    return ip.is_global and not any(ip in network for network in _INSIDE if network.version == ip.version)


def checked(url: str, inside: Collection[str] = ()) -> SplitResult:
    """The parts of an address to send to: https at port 443 or 8443. Raises UserError for any other.

    `inside` are hosts of our own network (`crm.internal`, `127.0.0.1:9000`) that may be reached all the same, by http too.
    """
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        raise UserError(f"{url!r} is not an address. Write it as https://crm.example.com/hooks") from None
    host = parts.hostname or ""
    plain = re.fullmatch(r"[\x21-\x7e]{1,2000}", url) and "@" not in parts.netloc and "\\" not in url
    if not plain or not (_HOST.fullmatch(host) or ":" in host):
        raise UserError("The address must be https://host/path in plain letters, without a name or password in it.")
    if is_named_inside(parts, inside):
        if parts.scheme not in ("http", "https"):
            raise UserError("The address must begin with https:// or http://.")
        return parts
    if parts.scheme != "https" or port not in (None, *PORTS):
        raise UserError("The address must begin with https://, at port 443 or 8443.")
    if _NUMBER.fullmatch(host) and not is_outside(host):
        raise UserError(
            "The address lies inside our own network. REPURPOSE_WEBHOOK_INSIDE names those that may be reached."
        )
    return parts


def is_named_inside(parts: SplitResult, inside: Collection[str]) -> bool:
    """Is this host, or this host and port, one of our own that may be reached?"""
    host = (parts.hostname or "").lower()
    port = parts.port or (443 if parts.scheme == "https" else 80)
    return host in inside or f"{host}:{port}" in inside
