"""Names that lead out of folders, strings that break out of markup, and bent tokens: what an attacker sends first."""

from __future__ import annotations

import random
import string
from collections.abc import Iterator

TRAP = "/trap"  # asked for only by markup that should have been text
UP = ("../", "..\\", "%2e%2e%2f", "%2e%2e/", "..%2f", "..%5c", "%252e%252e%252f", "%c0%ae%c0%ae/", "....//", "..;/", "..%00/", "\uff0e\uff0e/")  # fmt: skip
GOALS = ("secret", "etc/passwd", "a.db", "proc/self/environ", "store", "windows/win.ini")
WHOLE = (
    "", ".", "..", "...", "/", "\\", "//", "%00", "\x00", "a\x00.mp4", "talk.mp4%00.jpg", "CON", "NUL", "aux.mp4", "COM1", "LPT9.txt",
    "nul .mp4", "con.", "C:\\boot.ini", "C:/boot.ini", "C:%5cboot.ini", "\\\\host\\share\\x", "//host/share/x", "file:///etc/passwd",
    "http://169.254.169.254/", "a" * 255, "é" * 127, "库" * 85, "a" * 4000, "e\u0301.mp4", "\u00e9.mp4", "\u202egpj.exe", "talk.mp4/",
    "talk.mp4/..", "talk.mp4::$DATA", "talk.mp4.", "talk.mp4 ", " talk.mp4", "-rf", "--help", "|id", ";id", "$(id)", "`id`", "&id", "~",
    "~root/.ssh/id_rsa", "$HOME", "%HOME%", "{a,b}", "*", "?", "[a]", "'", '"', "<a>", "\n", "\r\nSet-Cookie: a=b", "%0d%0aSet-Cookie:a=b",
    "\t", "\x7f", "\u2028", "\ufeff", "\ud800".encode("utf-8", "surrogatepass").decode("latin-1"), "%ff%fe", "%u002e%u002e/", "0x2e0x2e/",
    ".git/config", ".env", ".htaccess", "web.config", "WEB-INF/web.xml", "index.html", "%", "%%", "%2", "%zz", "#", "?e=1&s=2", "#../",
)  # fmt: skip


def names() -> list[str]:
    """More than 200 names that mean another place, or none at all, to one system or another."""
    found = list(WHOLE)
    for goal in GOALS:
        for up in UP:
            found += [up + goal, up * 8 + goal]
    return found + [f"/{goal}" for goal in GOALS] + [f"%2f{goal}" for goal in GOALS]


def bent(good: str, count: int, seed: int) -> Iterator[str]:
    """`good` with signs changed, put in, taken out, cut off or doubled; never itself."""
    dice, signs, made = random.Random(seed), string.ascii_letters + string.digits + "-_=.+/ é١", 0
    while made < count:
        text, at = list(good), dice.randrange(len(good))
        match dice.randrange(6):
            case 0:
                text[at] = dice.choice(signs)
            case 1:
                text.insert(at, dice.choice(signs))
            case 2:
                del text[at]
            case 3:
                text[at:] = dice.choices(signs, k=dice.randrange(8))
            case 4:
                text = text + text
            case _:
                other = dice.randrange(len(text))
                text[at], text[other] = text[other], text[at]
        if "".join(text) != good:
            made += 1
            yield "".join(text)


# What runs when it is taken for markup: an element that loads, a handler, an address.
_RUNS = ("alert(1)", f"fetch('{TRAP}')", "window.hit=1")
_ELEMENTS = (
    "<script>{run}</script>", "<ScRiPt>{run}</sCrIpT>", "<script src={trap}></script>", "<script src=data:,window.hit=1></script>",
    "<script type=module src={trap}></script>", "<scr<script>ipt>{run}</scr</script>ipt>", "<script/x>{run}</script>", "<script\n>{run}</script\n>",
    "<img src={trap} onerror={run}>", "<img src=x onerror={run}>", "<img/src=x/onerror={run}>", "<img src=x onerror='{run}'//", "<image src={trap}>",
    "<svg onload={run}>", "<svg/onload={run}>", "<svg><script>{run}</script></svg>", "<svg><animate onbegin={run} attributeName=x dur=1s>",
    "<svg><use href={trap}#x>", "<svg><image href={trap}>", "<svg><a href=javascript:{run}><text y=9>x</text></a></svg>",
    "<math><mtext><table><mglyph><style><img src=x onerror={run}>", "<body onload={run}>", "<body background={trap}>", "<iframe src={trap}></iframe>",
    "<iframe srcdoc='<script>{run}</script>'></iframe>", "<iframe src=javascript:{run}></iframe>", "<object data={trap}></object>", "<embed src={trap}>",
    "<video src={trap} onerror={run}></video>", "<video><source onerror={run}></video>", "<audio src={trap}>", "<details open ontoggle={run}>x</details>",
    "<input autofocus onfocus={run}>", "<select autofocus onfocus={run}>", "<textarea autofocus onfocus={run}>", "<marquee onstart={run}>x</marquee>",
    "<a href=javascript:{run}>x</a>", "<form action=javascript:{run}><button>x</button></form>", "<form><button formaction={trap}>x</button></form>",
    "<meta http-equiv=refresh content='0;url={trap}'>", "<base href=//evil.example/>", "<link rel=stylesheet href={trap}>", "<link rel=preload as=image href={trap}>",
    "<style>@import '{trap}'</style>", "<style>*{{background:url({trap})}}</style>", "<div style=background:url({trap})>x</div>", "<template><img src={trap}></template>",
    "<noscript><p title='</noscript><img src={trap}>'>", "<xmp><p title='</xmp><img src={trap}>'>", "<table background={trap}>", "<isindex type=image src={trap}>",
    "<keygen autofocus onfocus={run}>", "<dialog open onclose={run}><form method=dialog><button autofocus>", "<picture><source srcset={trap}><img></picture>",
    "<p popover id=p onbeforetoggle={run}>x</p><button popovertarget=p autofocus>", "<track src={trap} default>", "<custom-x onclick={run} tabindex=1 autofocus>",
)  # fmt: skip
_ESCAPES = (  # what ends the place a text stands in
    "{x}", '">{x}', "'>{x}", "</title>{x}", "</textarea>{x}", "</script>{x}", "</style>{x}", "-->{x}", "]]>{x}", "</option></select>{x}", "</a></li></ol>{x}",
    "</q></b></span>{x}", "\u2028{x}", "&lt;&gt;{x}", "</video>{x}", "</svg>{x}", "</template>{x}", "</noscript>{x}", '"}}</script>{x}',
)  # fmt: skip
_ATTRIBUTES = (
    '" onfocus={run} autofocus tabindex=1 x="', "' onfocus={run} autofocus tabindex=1 x='", '" onmouseover={run} style="position:fixed;inset:0', "` onerror={run} `",
    '" style="background:url({trap})', '" srcset="{trap} 2x', '" poster="{trap}', '" href="javascript:{run}', '" onload="{run}', '"/onclick={run}/x="',
    '" formaction="{trap}', '" ping="{trap}', '" onbeforeinput={run} contenteditable autofocus x="', '" onanimationstart={run} style="animation:x 1s',
)  # fmt: skip
_ADDRESSES = (
    "javascript:{run}", "JaVaScRiPt:{run}", " javascript:{run}", "java\tscript:{run}", "java\nscript:{run}", "\x01javascript:{run}", "javascript&colon;{run}",
    "&#106;avascript:{run}", "data:text/html,<script>{run}</script>", "vbscript:{run}", "//evil.example{trap}", "/\\evil.example{trap}", "https:evil.example",
    "blob:https://evil.example/x", "view-source:{trap}", "javascript://%0a{run}", "https://evil.example\\@localhost", "\\\\evil.example\\x",
)  # fmt: skip
_CODE = (
    "{{{{7*7}}}}", "${{7*7}}", "#{{7*7}}", "<%= 7*7 %>", "{{% import os %}}", "{{{{constructor.constructor('{run}')()}}}}", "{{{{self.__init__.__globals__}}}}",
    "%(x)s %s %d", "{{0}} {{x}}", "\\u003cimg src={trap}\\u003e", "\\x3cscript\\x3e", "&lt;img src={trap}&gt;", "&#60;img src={trap}&#62;", "%3Cimg%20src={trap}%3E",
    "+ADw-script+AD4-", "\uff1cscript\uff1e{run}\uff1c/script\uff1e", "\u202e<img src={trap}>", "\ufeff<img src={trap}>", "<\u00a0script>{run}", "__proto__", "constructor",
    "<v x onclick={run}>a</v>", "<c.x>a</c>", "00:00.000 --> 09:00.000\n<img src={trap}>", "NOTE -->", "STYLE ::cue {{background:url({trap})}}", "a\r\nX: y", "<!--#exec cmd=id-->",
    "<?xml version='1.0'?><!DOCTYPE a [<!ENTITY b SYSTEM 'file:///etc/passwd'>]><a>&b;</a>", "'; drop table events; --", '" or "1"="1', "(.*)+$", "[", "\\", "<wbr>", "<mark>x</mark>",
)  # fmt: skip


def markup(count: int = 300, seed: int = 3) -> list[str]:
    """`count` strings, none twice, that would load TRAP, raise a dialog or set `window.hit` where they were taken for markup.

    Every kind stands among the first; the rest are elements behind whatever could end the place they stand in.
    """
    dice = random.Random(seed)
    plain = [*_ATTRIBUTES, *_ADDRESSES, *_CODE, *_ELEMENTS]
    dice.shuffle(plain)
    pairs = [escape.replace("{x}", element) for escape in _ESCAPES for element in _ELEMENTS if escape != "{x}"]
    dice.shuffle(pairs)
    made: dict[str, None] = {}
    for at, text in enumerate([*plain, *pairs]):
        made.setdefault(text.format(run=_RUNS[at % len(_RUNS)], trap=TRAP))
    return list(made)[:count]
