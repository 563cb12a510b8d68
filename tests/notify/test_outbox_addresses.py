"""Where nothing may be sent to, in every spelling, and that the door sends to the address that was looked at."""

from __future__ import annotations

import ssl
from pathlib import Path

import pytest
import trustme

from repurpose.errors import UserError
from repurpose.notify.addresses import checked, is_outside
from repurpose.notify.outward import Answer, Outward, Unreached
from tests.notify.receiver import Say, receiving
from tests.web.load import in_own_loop

INSIDE = [
    "127.0.0.1",
    "127.1.2.3",
    "0.0.0.0",
    "10.1.2.3",
    "172.16.0.1",
    "172.31.255.255",
    "192.168.1.1",
    "169.254.169.254",
    "100.64.0.1",
    "100.100.100.200",
    "192.0.0.192",
    "192.0.0.9",
    "192.0.2.1",
    "198.18.0.1",
    "203.0.113.9",
    "224.0.0.1",
    "239.255.255.250",
    "240.0.0.1",
    "255.255.255.255",
    "192.88.99.1",
    "168.63.129.16",
    "::1",
    "::",
    "fe80::1",
    "fe80::1%eth0",
    "fc00::1",
    "fd00:ec2::254",
    "ff02::1",
    "::ffff:127.0.0.1",
    "::ffff:169.254.169.254",
    "::ffff:7f00:1",
    "::127.0.0.1",
    "64:ff9b::a9fe:a9fe",
    "64:ff9b:1::1",
    "2002:7f00:1::",
    "2001::1",
    "2001:db8::1",
    "fec0::1",
    "nonsense",
    "1.2.3",
]
NAMES = [
    "https://127.0.0.1/",
    "https://2130706433/",
    "https://0x7f000001/",
    "https://0177.0.0.1/",
    "https://127.1/",
    "https://[::1]/",
    "https://[::ffff:169.254.169.254]/",
    "https://localhost/",
    "https://169.254.169.254/latest",
    "https://100.100.100.200/",
    "https://0/",
    "https://0.0.0.0/",
]
WRONG = [
    "http://example.com/", "ftp://example.com/", "file:///etc/passwd", "gopher://example.com/", "https://", "https:///x",
    "https://user@example.com/", "https://user:pw@example.com/", "https://example.com:22/", "https://example.com:8080/",
    "https://example.com:99999/", "https://[::1", "https://exa mple.com/", "https://example.com/\n", "https://例子.com/",
    "https://example.com\\@127.0.0.1/", "javascript:alert(1)", "//example.com", "", "https://127.0.0.1:443@example.com/",
    "https://127.0.0.1/", "https://0x7f.1/", "https://0177.0.0.1/", "https://2130706433/", "https://[::ffff:10.0.0.1]/",
    f"https://{'a' * 64}.com/", f"https://{'a.' * 130}com/", "https://-a.com/", "https://a..com/",
]  # fmt: skip


def post(door: Outward, url: str) -> Answer:
    async def once() -> Answer:
        async with door:
            return await door.post(url, {"x": "y"}, b"{}")

    return in_own_loop(once())


@pytest.mark.parametrize("address", INSIDE)
def test_no_address_inside_is_outside(address: str) -> None:
    assert not is_outside(address)


@pytest.mark.parametrize(
    "address", ["93.184.216.34", "8.8.8.8", "2606:4700:4700::1111", "::ffff:8.8.8.8", "101.64.0.1"]
)
def test_others_are(address: str) -> None:
    assert is_outside(address)


@pytest.mark.parametrize("url", WRONG)
def test_only_https_to_a_plain_host(url: str) -> None:
    with pytest.raises(UserError):
        checked(url)


@pytest.mark.parametrize(
    "host", ["abc.de", "beef.cafe:8443", "8.8.8.8", "[2606:4700:4700::1111]", "a_b.example.com.", "0xyz.io"]
)
def test_hosts_outside_are_taken(host: str) -> None:
    assert checked(f"https://{host}/hooks?token=1").hostname


def test_named_ones_may_be_reached_by_http_too() -> None:
    assert checked("http://crm.internal:8080/x", ["crm.internal:8080"]).port == 8080
    assert checked("http://10.0.0.5/x", ["10.0.0.5"]).hostname == "10.0.0.5"
    for url in ("http://crm.internal/x", "ftp://crm.internal:8080/", "http://a@crm.internal:8080/"):
        with pytest.raises(UserError):
            checked(url, ["crm.internal:8080"])


@pytest.mark.parametrize("url", NAMES)
def test_nothing_is_sent_inside_by_any_name(url: str) -> None:
    with pytest.raises((UserError, Unreached)):
        post(Outward(), url)


def test_a_name_that_leads_inside_once_or_beside_is_refused() -> None:
    """A name server that changes its mind, or names one address of ours beside its own."""
    with receiving() as receiver:
        asked = []

        async def turns(host: str, port: int) -> list[str]:
            asked.append(host)
            return ["8.8.8.8", "127.0.0.1"] if len(asked) == 1 else ["127.0.0.1"]

        for _ in range(2):
            with pytest.raises(UserError, match="inside"):
                post(Outward(resolve=turns), "https://rebinding.example.com/")
        assert asked == ["rebinding.example.com"] * 2  # looked up once for each, and connected to what was looked at
        assert receiver.got == []


def test_redirects_are_an_answer_and_long_ones_are_cut() -> None:
    def answer(got: object) -> Say:
        return Say(302, {"location": "http://169.254.169.254/"}, b"x" * 200_000)

    with receiving(answer) as receiver:
        got = post(Outward([receiver.url.split("/")[2]]), receiver.url)
    assert (got.status, got.headers["location"], len(got.body)) == (302, "http://169.254.169.254/", 64 << 10)
    assert len(receiver.got) == 1


def test_no_answer_is_waited_for_for_ever() -> None:
    from threading import Event

    over = Event()
    with receiving(lambda _: Say(wait=lambda: over.wait(30))) as receiver:
        with pytest.raises(Unreached, match="no answer within 0 s"):
            post(Outward([receiver.url.split("/")[2]], timeout_s=0.2), receiver.url)
        over.set()


@pytest.mark.slow
def test_the_certificate_is_the_names_though_the_address_is_pinned(tmp_path: Path) -> None:
    authority, server = trustme.CA(), ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("crm.example.com").configure_cert(server)
    believing = ssl.create_default_context()
    authority.configure_trust(believing)

    async def here(host: str, port: int) -> list[str]:
        return ["127.0.0.1"]

    with receiving(context=server) as receiver:
        port = int(receiver.url.split(":")[2].split("/")[0])
        inside = [f"{name}.example.com:{port}" for name in ("crm", "other")]
        got = post(Outward(inside, believing, resolve=here), f"https://crm.example.com:{port}/hooks")
        assert (got.status, receiver.got[0].headers["host"]) == (204, f"crm.example.com:{port}")
        for context, name in ((believing, "other"), (None, "crm")):  # another's certificate; nobody's
            with pytest.raises(Unreached, match="certificate verify failed"):
                post(Outward(inside, context, resolve=here), f"https://{name}.example.com:{port}/hooks")
        assert len(receiver.got) == 1
