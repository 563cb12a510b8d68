"""What the program says after an audience came, held against what an oracle made of it: the review, the leads, the cut."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx

from repurpose.presets import load_leads
from repurpose.settings import Settings, settings_from
from repurpose.text.clock import clock
from tests.bench.expected import Earned, Lines, Seen, earned, middles
from tests.bench.visiting import SLACK, Shown, Site
from tests.bench.visitors import Film, Span, Stretch, Visitor

ROOT = Path(__file__).parents[2]
WAIT_S = 3 * 3600  # for a run, on a machine that may be busy with something else
NEAR = 0.6  # points that two clocks and a fading of milliseconds may make
ROUGH = 9.0  # and where a browser's seconds may or may not make a highlight watched again


@dataclass
class Walk:
    """One walk through the program over a home: its environment, its event, and what did not agree so far."""

    env: dict[str, str]
    name: str
    faults: list[str] = field(default_factory=list)

    @property
    def settings(self) -> Settings:
        return settings_from(self.env)

    def say(self, *words: str) -> str:
        """What `repurpose WORDS` prints. Raises AssertionError when it fails."""
        command = [sys.executable, "-m", "repurpose", *words]
        done = subprocess.run(command, env=self.env, cwd=ROOT, capture_output=True, text=True, check=False)
        assert done.returncode == 0, f"repurpose {' '.join(words)}: {done.returncode}\n{done.stdout}{done.stderr}"
        return done.stdout

    def same(self, what: str, told: Any, expected: Any) -> None:
        """Note it when it is not."""
        self.holds(f"{what}: {told!r}, expected {expected!r}", told == expected)

    def holds(self, what: str, truth: object) -> None:
        """Note it when it does not."""
        if not truth:
            self.faults.append(what)
            print(f"WRONG {what}", flush=True)


def check_report(
    on: Walk, api: httpx.Client, site: Site, seen: Seen, shown: Sequence[Shown], hot: Span, visitors: Sequence[Visitor]
) -> None:
    told = json.loads(on.say("report", site.slug, "--json"))
    more = len(shown)
    for what in ("viewers", "views", "halves", "completes"):
        least, got = getattr(seen, what), told["watched"][what]
        on.holds(
            f"{what}: {got}, expected {least}" + (f" to {least + more}" if more else ""), least <= got <= least + more
        )
    wide = sum(b - a for one in shown for a, b in one.pieces)
    got = told["watched"]["watch_ms"] - seen.watch_ms
    on.holds(f"watched in Chromium: {got} ms, expected {wide}", abs(got - wide) <= 0.02 * wide + 500 * more)
    plays, by = told["heat"]["plays"], told["heat"]["seen"]
    least, most = [0] * (len(plays) + 600), [0] * (len(plays) + 600)
    for one in shown:
        for a, b in one.pieces:
            for rows, edge in ((least, -SLACK), (most, SLACK)):
                for second in middles(max(0, a - edge), b + edge):
                    rows[second] += 1
    wrong = [
        second
        for second, count in enumerate(plays)
        if not least[second] <= count - seen.plays[second] <= most[second]
        or not seen.seen[second] <= by[second] <= seen.seen[second] + more + 1
    ]
    on.holds(f"the heat of {len(wrong)} seconds, first {wrong[:5]}", not wrong)
    on.same("seconds beyond the recording", [s for s in seen.plays if s >= len(plays)], [])
    if shown:
        watched = sum(len(middles(a, b)) for one in shown for a, b in one.pieces)
        kept = sum(plays) - sum(seen.plays.values())
        print(f"Chromium: {kept} of {watched} seconds counted, {100 * kept / watched:.1f} %", flush=True)
        on.holds(
            f"of {watched} seconds in Chromium {kept} were counted", 0.98 * watched <= kept <= 1.02 * watched + 2 * more
        )
    channels = {one["channel"]: one["views"] for one in told["channels"]}
    for channel, views in seen.channels.items():
        least_of = views + (more if channel == "site" else 0)
        on.holds(
            f"views by {channel}: {channels.get(channel)}", not views or views <= channels.get(channel, 0) <= least_of
        )
    heat = answered(api.get(f"/events/{site.event}/heat"))
    on.same("the API's heat", heat["plays"], plays)
    fates = heat["fates"]
    on.same("fates add up", sum(many for fate, many in fates.items() if fate != "received"), fates["received"])
    robots = sum(one.kind == "robot" for one in visitors)
    on.holds(f"robots: {fates.get('bot')} events", fates.get("bot", 0) >= robots)
    on.holds("what came twice is a duplicate", fates.get("duplicate", 0) > 0)
    top = max(plays)
    hottest = {second for second, count in enumerate(plays) if count == top}
    on.holds(f"the hottest second {sorted(hottest)} lies in {hot}", hottest <= middles(hot[0] - SLACK, hot[1] + SLACK))
    asked = told["proposals"]
    on.holds(
        f"a cut of {hot} is proposed: {asked}",
        asked and asked[0]["start"] <= hot[0] + 500 and asked[0]["end"] >= hot[1] - 500,
    )
    if asked:
        first, end = asked[0]["hot_start"], asked[0]["hot_end"]
        on.holds(f"what was hot: {asked[0]}", hot[0] - SLACK <= first and end <= hot[1] + SLACK)
        on.holds(f"the hottest second {sorted(hottest)} is hot", hottest & middles(first, end))
    on.same("views on all days", sum(told["tail"]["days"]), told["watched"]["views"])
    page = Path(on.env["REPURPOSE_HOME"]) / "report.html"
    on.say("report", site.slug, "--lang", "zh", "-o", str(page))
    text = page.read_text("utf-8")
    words = [
        told["leads"][0]["name"],
        *([f"{clock(asked[0]['hot_start'])}–{clock(asked[0]['hot_end'])}"] if asked else []),
    ]
    for word in words:
        on.holds(f"the page says {word!r}", word in text)


def check_leads(
    on: Walk, everyone: Sequence[Visitor], sent: Mapping[int, int], shown: Sequence[Shown],
    registered: Mapping[str, Mapping[str, str]], lines: Lines, tops: Sequence[Span], films: Sequence[Film],
) -> None:  # fmt: skip
    replay = next(film for film in films if film.cut == "replay")
    times = dict(sent)
    for one in shown:
        at = one.sent - 120_000
        one.visitor.played = [Stretch(at + k, replay, a, b, k) for k, (a, b) in enumerate(one.pieces[1:])]
        times[one.visitor.number] = one.sent
    now, rules = time.time_ns() // 1_000_000, load_leads()
    by_mail = {one.email: one for one in everyone if one.form}
    mails = {*registered, *by_mail}
    listed = json.loads(on.say("leads", "list", "--event", on.name, "--hot", "--limit", "10000", "--json"))["leads"]
    told = {key["value"]: one for one in listed for key in one["known_by"] if key["kind"] == "email"}
    on.same("whose leads there are", set(told) ^ mails, set())
    rough = {one.visitor.email for one in shown}
    expected: dict[str, Earned] = {}
    for mail in mails & set(told):
        visitor = by_mail.get(mail)
        answers = dict(registered.get(mail, {}))
        if visitor is not None:
            answers["company"] = "示例"
        expected[mail] = earned(
            visitor, answers, times.get(visitor.number, 0) if visitor else 0, now, lines, tops, rules
        )
        got, wanted = told[mail]["score"], expected[mail].score
        near = ROUGH if mail in rough else NEAR
        kind = visitor.kind if visitor else "stayed away"
        on.holds(f"score of {mail} ({kind}): {got}, expected {wanted:.2f}", abs(got - wanted) <= near)
        if visitor is None or not visitor.joined:
            on.same(f"what {mail} watched is nobody's", told[mail]["watch_ms"], 0)
    scores = [one["score"] for one in listed]
    on.same("the hottest first", scores, sorted(scores, reverse=True))
    review = json.loads(on.say("report", on.name, "--json"))
    top = {one["id"]: one["score"] for one in review["leads"]}
    on.holds("the review tells of the hottest", [*top.values()] == sorted(top.values(), reverse=True))
    on.holds(
        "in the review are the first of the list",
        min(top.values(), default=0) >= scores[min(len(top), len(scores)) - 1] - 0.1,
    )
    sure = sum(one.mql and not one.near for one in expected.values())
    near_by = sum(one.near for one in expected.values()) + sum(mail in rough for mail in expected)
    counts = review["funnel"]["counts"]
    on.same("leads in the funnel", counts["lead"], len(mails))
    on.holds(f"MQLs: {counts['mql']}, expected {sure} to {sure + near_by}", sure <= counts["mql"] <= sure + near_by)
    on.same("SQLs", (counts["sql"], counts["opp"], counts["won"]), (0, 0, 0))
    print(
        f"{counts['lead']} leads, {counts['mql']} MQL; the highest {scores[0]}, {sum(one > 0 for one in scores)} with points",
        flush=True,
    )
    for one in [one for one in everyone if one.kind in ("link", "scans")][::8]:
        whole = json.loads(on.say("leads", "show", told[one.email]["id"], "--json"))
        on.same(f"perhaps {one.email}, who only {one.kind}", bool(whole["perhaps"]), one.kind == "link")


def check_cut(on: Walk, api: httpx.Client, event: str, seen: Seen, hot: Span) -> None:
    """The proposal is made by one call, published, and shows the hottest second."""
    proposal = answered(api.get(f"/events/{event}/heat"))["proposals"][0]
    began = time.monotonic()
    wish = {"keep": [{"start": proposal["start"], "end": proposal["end"]}]}
    run = answered(api.post(f"/events/{event}/runs", json=wish))
    while run["state"] in ("waiting", "working") and time.monotonic() - began < WAIT_S:
        time.sleep(2)
        run = answered(api.get(f"/runs/{run['id']}"))
    print(f"the cut was made in {time.monotonic() - began:.0f} s: {run['state']} {run['why']}", flush=True)
    on.same("the run", (run["state"], run["why"]), ("done", ""))
    if run["state"] != "done":
        return
    answered(api.post(f"/events/{event}/publications", json={}))
    made = [
        one
        for one in answered(api.get(f"/events/{event}/assets"))["items"]
        if one["kind"] == "video" and one["cut"] == proposal["cut"]
    ]
    second = max(seen.plays, key=lambda at: (seen.plays[at], -abs(at * 1000 - sum(hot) // 2)))
    having = [one for one in made if any(a <= second * 1000 + 500 < b for a, b in one["spans"])]
    on.holds(f"second {second} is in {[(one['path'], one['spans']) for one in made]}", having)
    for one in having[:1]:
        film = api.get(one["content"], headers={"range": "bytes=0-63"})
        on.holds(f"{one['path']} is a film", film.status_code == 206 and film.content[4:8] == b"ftyp")
        print(f"{one['path']} shows {one['spans']}: second {second} is in it", flush=True)


def answered(answer: httpx.Response) -> Any:
    assert answer.status_code < 300, f"{answer.request.method} {answer.url}: {answer.status_code} {answer.text[:400]}"
    return answer.json()
