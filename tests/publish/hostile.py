"""Addresses made to lead somewhere else than they seem to, as attackers write them."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice, product

GOOD, EVIL = "www.example.com", "evil.test"
SCHEMES = (
    "http:", "https:", "HTTPS:", "javascript:", "JavaScript:", "java\tscript:", "data:text/html,", "vbscript:", "file:",
    "ftp:", "blob:https:", "view-source:https:", "intent:", "weixin:", "mailto:", "tel:", "about:blank#", "wss:", "", "https",
    "\x00https:", " https:", "\thttps:", "https:\n", "https\t:", "ht\ntps:", "https%3a", "ｈttps:", "filesystem:https:",
)  # fmt: skip
SLASHES = ("//", "/", "", "///", "////", "\\\\", "\\", "/\\", "\\/", "/\t/", "/\n/", "//\t", "//\\", "//%09", "／／", "//@", "//:@")  # fmt: skip
AUTHORITIES = (
    EVIL, f"{GOOD}@{EVIL}", f"{GOOD}:443@{EVIL}", f"{GOOD}:x@{EVIL}", f"a:b@{GOOD}", f"@{GOOD}", f"{GOOD}\\@{EVIL}",
    f"{GOOD}%40{EVIL}", f"{GOOD}%2f@{EVIL}", f"{EVIL}\\.{GOOD}", f"{EVIL}#.{GOOD}", f"{EVIL}?.{GOOD}", f"{EVIL}/.{GOOD}",
    f"{EVIL}%2f.{GOOD}", f"{EVIL}%23.{GOOD}", f"{EVIL}\t.{GOOD}", f"{EVIL}\r\n.{GOOD}", f"{EVIL}\x00.{GOOD}", f"{EVIL};{GOOD}",
    f"{EVIL},{GOOD}", f"{EVIL}&{GOOD}", f"{EVIL}|{GOOD}", f"{EVIL} {GOOD}", f"{EVIL}%20{GOOD}", f"{EVIL}`{GOOD}", f"{EVIL}<{GOOD}",
    f"{GOOD}.{EVIL}", f"{GOOD}{EVIL}", f"x{GOOD}", f"{GOOD}.", f"{GOOD}..", f".{GOOD}", "example.com", "www.example.co",
    "www.exаmple.com", "www.еxample.com", "ｗｗｗ．ｅｘａｍｐｌｅ．ｃｏｍ", "www。example。com", "www.example。com", "www.exam­ple.com", "www.example.com​",
    "xn--www-exmple-x7a.com", "www.ⓔxample.com", "ﬀ.example.com", "www.example.com․evil.test", "www.example.com⁄evil.test",
    "127.0.0.1", "127.1", "2130706433", "0x7f000001", "0x7f.1", "0177.0.0.1", "017700000001", "127.0.0.1.", "0", "169.254.169.254",
    "169.254.43518", "0xa9fea9fe", "100.100.100.200", "10.0.0.1", "192.168.1.1", "[::1]", "[::]", "[::ffff:127.0.0.1]",
    "[::ffff:7f00:1]", "[64:ff9b::a9fe:a9fe]", "[2002:7f00:1::]", "[fe80::1%25eth0]", "[fd00::1]", f"[::1]@{GOOD}", f"{GOOD}@[::1]",
    "[v1.x]", "[::1", "::1]", "localhost", "localhost.localdomain", "a.localhost", "metadata.google.internal", f"{GOOD}:444",
    f"{GOOD}:0", f"{GOOD}:", f"{GOOD}:443:443", f"{GOOD}:443@{EVIL}:443", f"{GOOD}:８０", f"{GOOD}:-1", f"{GOOD}:99999",
    f"{GOOD}%2e{EVIL}", "%77ww.example.com", f"{EVIL}%E3%80%82{GOOD}", f"{EVIL}%00.{GOOD}", "-.example.com", "_.example.com", "*",
)  # fmt: skip
ENDS = ("", "/", "/a?b=c#d", f"/@{GOOD}", f"?//{GOOD}", f"#@{GOOD}/", "/%0d%0aSet-Cookie:x=1", "/\r\nx", "/%5c%5cevil.test", "\t", "\n", "/ ", "/%", "/%zz", "/\x7f", "/é")  # fmt: skip


def forms(count: int) -> list[str]:
    """`count` different ones, of every kind."""
    return list(islice(dict.fromkeys(_mixed()), count))


def _mixed() -> Iterator[str]:
    for authority, end in product(AUTHORITIES, ENDS):
        yield f"https://{authority}{end}"
    for end in ENDS[6:]:
        yield f"https://{GOOD}{end}"
    for scheme, slashes, end in product(SCHEMES, SLASHES, ENDS[:8]):
        if (scheme, slashes) != ("https:", "//"):
            yield f"{scheme}{slashes}{GOOD}{end}"
    for scheme, slashes, authority in product(SCHEMES, SLASHES, AUTHORITIES):
        yield f"{scheme}{slashes}{authority}"
