"""Bodies nobody should send, at every route that takes one: no server error, and memory that does not grow.

    python -m tests.chaos.fuzz [--count 10000] [--seed 1]

Bodies that would do are spoiled in one place (wrong types, huge numbers, deep nesting, lone surrogates, NUL), or are no JSON at
all (cut, other encodings, half a gzip, other content types, random bytes), and come with headers as bent as they are.
"""

from __future__ import annotations

import argparse
import collections
import gzip
import json
import random
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx

from tests.web.apart import Apart
from tests.web.hostile import markup, names

FLAT = 1.10  # what is held at the end, of what was held when it was warm
WARM = 0.2  # of the requests
NOTHING = "a" * 20
SENT: dict[str, Any] = {  # by operation: a body that would do
    "create_event": {
        "title": "x", "slug": "a-b", "language": "zh", "date": "2026-11-05",
        "about": {"speakers": [{"name": "a", "title": "b", "role": "host"}], "agenda": [{"title": "a", "at": 1}], "terms": ["MES"],
                  "cta": {"text": "a", "url": "https://a.example"}},
        "site": {"summary": "a", "topics": ["a"], "form": [{"key": "pick", "kind": "choice", "label": "a", "choices": ["a"]}],
                 "gated": ["deck"], "media": "signed", "embed": ["https://a.example"], "listed": True},
    },
    "change_event": {"title": "y", "about": {"terms": ["a"]}, "site": {"topics": ["b"]}},
    "put_choices": {"keep": [{"start": 0, "end": 5}], "drop": [{"start": 7, "end": 9}]},
    "add_recording": {"kind": "recording", "path": "/tmp/x.mp4", "name": "x"},
    "start_run": {"cuts": ["30min"]},
    "cancel_run": {},
    "publish_event": {"show": True},
    "show_release": {},
    "rollback_event": {"release": 1},
    "withdraw_event": {},
    "create_person": {"name": "a", "slug": "a-b", "phone": "+86 1", "email": "a@example.com", "calendar": "https://a.example", "about": "b"},
    "change_person": {"name": "b", "state": "active"},
    "choose_content": {"events": [f"ev_{NOTHING}"]},
    "create_link": {"kind": "event", "event": f"ev_{NOTHING}", "channel": "a", "start": 5},
    "put_brand": {
        "ink": "#0E1525", "paper": "#FAF8F4", "signal": "#0A7A4B", "ground": ["#0B1020", "#16213E"], "corner": "top-left", "intro": True,
        "cta": "a", "link": "https://a.example",
    },
    "put_brand_file": {"path": "/tmp/x.png"},
    "create_key": {"name": "a", "scopes": ["read"], "days": 1},
    "create_user": {"email": "a@example.com", "name": "a", "role": "viewer"},
    "change_user": {"name": "b"},
    "invite_user": {},
    "create_upload": {},
    "patch_upload": {},
    "create_view_token": {"channel": "partner"},
    "begin_experiment": {"path": "replay.mp4", "channel": "wechat", "title": "a", "cover": "slides/001.jpg"},
    "stop_experiment": {"keep": "b"},
    "create_endpoint": {"kind": "webhook", "address": "https://hooks.example/in", "types": ["submission.received"], "name": "a", "language": "en"},
    "change_endpoint": {"name": "b", "types": ["event.published"], "state": "disabled"},
    "renew_secret": {},
    "replay_messages": {"since": 0},
    "replay_message": {},
    "identify_lead": {
        "keys": [{"kind": "crm", "value": "a-1"}, {"kind": "email", "value": "a@example.com"}], "verified": True, "at": 1, "visitor": f"v{'a' * 22}",
        "event": f"ev_{NOTHING}", "about": {"name": "a", "company": "b"}, "attended": {"attended": True, "minutes": 3}, "source": "crm",
    },
    "confirm_browser": {"visitor": f"v{'b' * 22}"},
    "merge_lead": {"into": f"le_{NOTHING}", "reason": "a"},
    "unmerge_lead": {"reason": "a"},
    "settle_conflict": {},
    "tell_stage": {"stage": "won", "at": 1, "amount": 5.5},
}  # fmt: skip
PAGES = (  # they take forms
    "/e/none/form", "/login", "/logout", "/welcome", "/console/e/fuzz/run", "/console/e/fuzz/stop", "/console/e/fuzz/publish",
    "/console/e/fuzz/show", "/console/e/fuzz/withdraw", "/console/e/fuzz/compare", "/console/e/fuzz/compare-stop",
)  # fmt: skip
KINDS = (
    "application/json", "application/json; charset=utf-16", "text/json", "text/plain", "application/x-www-form-urlencoded", "multipart/form-data",
    "multipart/form-data; boundary=x", "application/xml", "application/offset+octet-stream", "application/merge-patch+json", "", "a", "a/b/c", ";",
    "application/json; charset=nonsense", "image/png", "*/*",
)  # fmt: skip


@dataclass(frozen=True)
class Sent:
    """One request."""

    method: str
    path: str
    headers: dict[bytes, bytes]
    content: bytes


def odd(dice: random.Random) -> Any:
    """A value that has no business where it is put."""
    return dice.choice(_ODD)(dice)


_TEXTS = [*markup(60), *names()]
_ODD: tuple[Callable[[random.Random], Any], ...] = (
    lambda dice: None, lambda dice: dice.choice((True, False)), lambda dice: dice.randint(-(1 << 70), 1 << 70), lambda dice: 10 ** dice.randrange(1, 4000),
    lambda dice: -1, lambda dice: 1 << 63, lambda dice: 1e308, lambda dice: float("nan"), lambda dice: float("-inf"), lambda dice: -0.0,
    lambda dice: "", lambda dice: "\x00", lambda dice: "a\x00b", lambda dice: "\ud800", lambda dice: "\udfff\ud800", lambda dice: "\U0010ffff" * 50,
    lambda dice: "é" * dice.randrange(1, 2000), lambda dice: "a" * dice.choice((301, 5001, 100_000)), lambda dice: dice.choice(_TEXTS),
    lambda dice: [], lambda dice: {}, lambda dice: [[]] * dice.randrange(1, 2000), lambda dice: nested(dice.randrange(2, 900)), lambda dice: {"": ""},
    lambda dice: {"__proto__": {"x": 1}}, lambda dice: ["a"] * dice.randrange(1, 3000), lambda dice: "0000-00-00", lambda dice: "9999-99-99T99:99:99Z",
    lambda dice: f"ev_{NOTHING}", lambda dice: f"up_{NOTHING}", lambda dice: dice.randbytes(20).decode("latin-1"), lambda dice: {str(n): n for n in range(500)},
)  # fmt: skip


def nested(depth: int) -> Any:
    made: Any = 0
    for level in range(depth):
        made = [made] if level % 2 else {"a": made}
    return made


def spoiled(body: Any, dice: random.Random) -> Any:
    """A copy with something odd in one place: instead of a value, beside the fields, or under a name that is there."""
    if isinstance(body, dict) and body and dice.random() < 0.8:
        name = dice.choice(sorted(body))
        return {**body, name: spoiled(body[name], dice)}
    if isinstance(body, list) and body and dice.random() < 0.8:
        at = dice.randrange(len(body))
        return [*body[:at], spoiled(body[at], dice), *body[at + 1 :]]
    if isinstance(body, dict) and dice.random() < 0.3:
        return {**body, dice.choice(_TEXTS): odd(dice)}
    return odd(dice)


def mangled(body: Any, dice: random.Random) -> bytes:
    """What is sent: the spoiled body as JSON, or something that is none."""
    text = json.dumps(spoiled(body, dice), ensure_ascii=dice.random() < 0.7)
    data = text.encode("utf-8", "surrogatepass")
    match dice.randrange(14):
        case 0:
            return data[: dice.randrange(len(data) + 1)]
        case 1:
            return gzip.compress(data)[: dice.randrange(1, 40)]
        case 2:
            return data.decode("utf-8", "replace").encode(dice.choice(("utf-16", "utf-32", "gb18030")), "replace")
        case 3:
            return dice.randbytes(dice.randrange(3000))
        case 4:
            return b'{"title":' * dice.randrange(1, 30_000)
        case 5:
            return b'{"title": "a", "title": ' + data + b"}"
        case 6:
            return b"[" * dice.randrange(1, 60_000)
        case 7:
            return b'{"days": 1' + b"0" * dice.randrange(1, 20_000) + b', "name": "a", "scopes": ["read"]}'
        case _:
            return data


def requests(server: httpx.Client, count: int, seed: int) -> Iterator[Sent]:
    """`count` requests, every route in turn."""
    dice = random.Random(seed)
    document = server.get("/api/v1/openapi.json").json()
    takes = [
        (method.upper(), path, operation["operationId"])
        for path, methods in document["paths"].items()
        for method, operation in methods.items()
        if method in ("post", "put", "patch")
    ]
    assert {name for *_, name in takes} == set(SENT), "a route is new or gone: say above what it takes"
    there = real(server)
    for number in range(count):
        if dice.random() < 0.1:
            method, path, name = "POST", dice.choice(PAGES), ""
            body: Any = {"email": "a@example.com", "password": "x" * 12, "t": "x", "stamp": "x"}
            body |= {
                "once": "x",
                "start": "1",
                "release": "1",
                "path": "replay.mp4",
                "title": "x",
                "experiment": "x",
                "keep": "b",
            }
        else:
            method, path, name = takes[number % len(takes)]
            body = SENT[name]
            for what, one in there.items():
                path = path.replace("{" + what + "}", one if dice.random() < 0.8 else f"{one[:3]}{NOTHING}")
        headers = {b"content-type": dice.choice(KINDS).encode() if dice.random() < 0.3 else b"application/json"}
        if name.endswith("_upload"):
            headers = {b"content-type": b"application/offset+octet-stream"} | {
                key: some.encode("utf-8", "replace")
                for key, some in (
                    (b"tus-resumable", dice.choice(("1.0.0", "1.0.0", "0.2", ""))), (b"upload-offset", dice.choice(("0", "-1", "9" * 30, "x"))),
                    (b"upload-length", dice.choice(("5", "-1", "9" * 30, "", "1e3"))), (b"upload-checksum", dice.choice(("", "sha1 x", "md5 AAAA", "x"))),
                    (b"upload-metadata", dice.choice(("", "filename !", "filename", ",,,", "filename " + "QQ" * 900))),
                )
            }  # fmt: skip
        for header, values in (
            (b"idempotency-key", (b"a", b"\xff", b"k" * 300)), (b"if-match", (b'"1"', b"*", b'"' + b"9" * 40 + b'"')), (b"content-encoding", (b"gzip", b"br")),
            (b"accept-language", (b"zh", b"\xff\xfe", b"q=" * 500)), (b"accept", (b"text/html", b"", b"x/y;q=nan")), (b"x-forwarded-for", (b"1.2.3.4", b"\x01")),
            (b"cookie", (b"__Host-repurpose=\xff", b"kit-x=1; =; a", b"a" * 4000)), (b"origin", (b"null", b"https://[", b"http://a:b:c")),
        ):  # fmt: skip
            if dice.random() < 0.06:
                headers[header] = dice.choice(values)
        yield Sent(method, path, headers, mangled(body, dice))


def real(server: httpx.Client) -> dict[str, str]:
    """Something that is there of each kind, so that a body reaches what reads it."""
    event = server.post("/api/v1/events", json={"title": "fuzz"}).json()["id"]
    person = server.post("/api/v1/people", json={"name": "fuzz", "slug": f"fuzz-{event[3:9]}"}).json()["id"]
    user = server.post("/api/v1/users", json={"email": f"{event}@example.com", "name": "a", "role": "viewer"}).json()[
        "id"
    ]
    begun = server.post("/api/v1/uploads", headers={"tus-resumable": "1.0.0", "upload-length": "5000"}).headers[
        "location"
    ]
    lead = server.post("/api/v1/leads/identify", json={"keys": [{"kind": "email", "value": "b@example.com"}]}).json()[
        "lead"
    ]
    told = server.post("/api/v1/endpoints", json=SENT["create_endpoint"]).json()["id"]
    ids = {"event_id": event, "person_id": person, "user_id": user, "upload_id": begun.rpartition("/")[2]}
    ids |= {"lead_id": lead, "endpoint_id": told, "brand": "fuzz", "file": "logo", "experiment_id": f"ex_{NOTHING}"}
    return ids | {"run_id": f"ru_{NOTHING}", "number": "1", "conflict_id": "1", "message_id": f"ms_{NOTHING}"}


def fuzzed(server: Apart, key: str, count: int, seed: int) -> list[str]:
    """Send them all; every fault found."""
    found: list[str] = []
    told: collections.Counter[int] = collections.Counter()
    warm, warm_at = 0, int(count * WARM)
    with httpx.Client(base_url=server.base, headers={"authorization": f"Bearer {key}"}, timeout=600) as client:
        for number, one in enumerate(requests(client, count, seed)):
            if number == warm_at:
                warm = server.bytes
            headers = [(name, value) for name, value in one.headers.items()]
            try:
                answer = client.request(one.method, one.path, headers=headers, content=one.content)
            except httpx.HTTPError as fault:
                told[0] += 1
                if not server.alive:
                    return [*found, f"{number}: the server died of {one.method} {one.path} {one.content[:200]!r}"]
                found.append(f"{number}: {fault!r} from {one.method} {one.path} {one.headers} {one.content[:200]!r}")
                continue
            told[answer.status_code] += 1
            if answer.status_code >= 500:
                found.append(
                    f"{number}: {answer.status_code} from {one.method} {one.path} {one.headers} {one.content[:200]!r}"
                )
        held = server.bytes
        still = client.get("/api/v1/me").status_code
    print(
        f"{count} bodies: {dict(sorted(told.items()))}; {warm / 1e6:.1f} MB held when warm, {held / 1e6:.1f} MB at the end"
    )
    if held > warm * FLAT:
        found.append(f"it holds {held / 1e6:.1f} MB and held {warm / 1e6:.1f} MB when it was warm")
    return found + ([] if still == 200 else [f"it then answers {still}"])


def main() -> int:
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    options.add_argument("--count", type=int, default=10_000)
    options.add_argument("--seed", type=int, default=1)
    asked = options.parse_args()
    began = time.monotonic()
    with tempfile.TemporaryDirectory() as folder, Apart(Path(folder) / "home") as server:
        found = fuzzed(server, server.key("admin"), asked.count, asked.seed)
    print(f"{time.monotonic() - began:.0f} s, {len(found)} faults")
    print("\n".join(found))
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
