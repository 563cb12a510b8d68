// A browser made of data: runs the built beacon over scripts of what a viewer does, on a clock of its own, and tells what it
// sent and what was really shown. Lines of JSON in, a line of JSON out for each.
//
//   {"duration": s, "end": ms, "latency": ms, "acts": [[ms, "play"], [ms, "seek", s], [ms, "rate", x], ...]}
//   {"sent": [[ms it arrived, body], ...], "truth": [[a, b, in sight], ...], "edges": n, "trace": [[ms, position, "play"|"pause"|"seek"], ...]}
//
// The trace is what a page hears of a player: its position four times a second, and each jump.
import { readFileSync } from "node:fs";
import { createInterface } from "node:readline";

const source = readFileSync(process.argv[2], "utf-8");
const names = ["window", "document", "location", "performance", "fetch", "navigator", "localStorage", "addEventListener", "dispatchEvent",
  "setInterval", "clearInterval", "setTimeout", "HTMLVideoElement", "IntersectionObserver"];
const beacon = new Function(...names, `"use strict";\n${source}`);
const settle = async () => { for (let k = 0; k < 12; k++) await null; };

class Heard {
  constructor() { this.heard = {}; }
  addEventListener(name, act) { (this.heard[name] ??= []).push(act); }
  tell(name, more = {}) { for (const act of this.heard[name] ?? []) act({ type: name, target: this, ...more }); }
}

class Video extends Heard {
  constructor(world, duration) {
    super();
    Object.assign(this, { world, duration, pos: 0, since: 0, paused: true, ended: false, seeking: false, stalled: false, rate: 1, quiet: false, dataset: { asset: world.asset }, isConnected: true, volume: 1 });
  }
  get moving() { return !this.paused && !this.ended && !this.seeking && !this.stalled; }
  get position() { return this.moving ? Math.min(this.duration * 1000, this.pos + (this.world.t - this.since) * this.rate) : this.pos; }
  get currentTime() { return Math.floor(this.position / 5) * 5 / 1000; } // a player tells its time in steps
  get readyState() { return this.stalled ? 2 : 4; }
  get playbackRate() { return this.rate; }
  get muted() { return this.quiet; }
  get finish() { return this.moving ? this.world.t + (this.duration * 1000 - this.position) / this.rate : Infinity; }
  // Every change goes through here, so that what was shown until then is known to the millisecond.
  change(what, told) {
    const before = this.moving, at = this.position, seen = this.world.seen;
    if (before && at > this.shownFrom) this.world.truth.push([this.shownFrom, at, seen]);
    this.pos = at;
    Object.assign(this, what);
    this.since = this.world.t;
    this.shownFrom = this.pos;
    for (const name of told) this.tell(name);
  }
}

const run = async (script) => {
  const world = { t: 0, asset: script.asset, truth: [], seen: true };
  const sent = [], timers = new Map(), page = new Heard(), doc = new Heard(), stored = new Map();
  let count = 0, online = true, lostAcks = false, hidden = false, dead = false;
  const video = new Video(world, script.duration);
  video.shownFrom = 0;
  const later = (act, wait, every) => { timers.set(++count, { at: world.t + wait, act, every }); return count; };
  const carry = (body) => { if (online && !dead) { sent.push([world.t + script.latency / 2, body]); return true; } return false; };
  Object.assign(doc, {
    currentScript: { dataset: { view: script.ctx }, src: "https://example.com/a/beacon.js" }, visibilityState: "visible", pictureInPictureElement: null,
    querySelectorAll: () => [video],
  });
  const fetch = (url, { body }) => new Promise((resolve, reject) => {
    const arrived = carry(body), lost = lostAcks;
    later(() => { if (arrived && !lost && online) resolve({ status: 204 }); else reject(new TypeError("network")); }, script.latency, 0);
  });
  beacon(
    { IntersectionObserver: true }, doc, { search: "" }, { now: () => world.t }, fetch, { sendBeacon: (url, body) => { carry(body); return true; } },
    { getItem: (key) => stored.get(key) ?? null, setItem: (key, value) => stored.set(key, value), removeItem: (key) => stored.delete(key) },
    (name, act) => page.addEventListener(name, act), () => {}, (act, wait) => later(act, wait, wait), (id) => timers.delete(id),
    (act, wait) => later(act, wait, 0), Video, class { constructor(act) { this.act = act; } observe() { this.act([{ intersectionRatio: 1 }]); } },
  );
  const visible = (now) => {
    if (hidden === !now) return;
    video.change({}, []);
    hidden = !now;
    world.seen = now;
    doc.visibilityState = now ? "visible" : "hidden";
    doc.tell("visibilitychange");
  };
  let edges = 0;
  const trace = [], heard = (what) => trace.push([world.t, Math.round(video.position), what]);
  if (script.trace) later(() => heard(video.moving ? "play" : "pause"), 250, 250);
  const acts = {
    play: () => { if (video.paused || video.ended) { if (video.ended) { video.change({ pos: 0, ended: false }, ["seeking"]); } video.change({ paused: false }, ["play", "playing"]); edges++; } },
    pause: () => { if (!video.paused) { video.change({ paused: true }, ["pause"]); edges++; } },
    seek: (to) => {
      video.change({ seeking: true }, []);
      video.pos = Math.min(script.duration, to) * 1000;
      video.shownFrom = video.pos;
      video.ended = false;
      edges += 2;
      video.tell("seeking");
      later(() => { video.change({ seeking: false }, ["seeked", "playing"]); heard("seek"); }, script.latency / 3, 0);
    },
    rate: (to) => { video.change({ rate: to }, ["ratechange"]); edges += 2; },
    mute: (to) => { video.change({ quiet: !!to }, ["volumechange"]); edges += 2; },
    stall: () => { video.change({ stalled: true }, ["waiting"]); edges++; },
    resume: () => { video.change({ stalled: false }, ["playing"]); edges++; },
    hide: () => { visible(false); edges++; },
    show: () => { visible(true); edges++; },
    offline: () => { online = false; },
    online: () => { online = true; page.tell("online"); },
    deaf: () => { lostAcks = true; },
    hear: () => { lostAcks = false; },
    keep: () => { video.change({}, []); page.tell("pagehide", { persisted: true }); visible(false); video.change({ paused: true }, []); edges += 2; },
    back: () => { visible(true); page.tell("pageshow", { persisted: true }); },
    close: () => { visible(false); page.tell("pagehide", { persisted: false }); video.change({ paused: true }, []); edges++; },
    crash: () => { video.change({ paused: true }, []); dead = true; timers.clear(); edges++; },
  };
  const waiting = script.acts.slice();
  while (!dead) {
    let next = script.end, kind = "end", which = null;
    if (waiting.length && waiting[0][0] < next) { next = waiting[0][0]; kind = "act"; }
    if (video.finish < next) { next = video.finish; kind = "finish"; }
    for (const [id, timer] of timers) { // a page that nobody sees is woken once a second
      const due = hidden && timer.every ? Math.ceil(timer.at / 1000) * 1000 : timer.at;
      if (due < next) { next = due; kind = "timer"; which = id; }
    }
    world.t = Math.max(world.t, next);
    if (kind === "end") break;
    if (kind === "finish") { video.change({ ended: true, paused: true }, ["pause", "ended"]); edges++; continue; }
    if (kind === "act") { const [, name, value] = waiting.shift(); acts[name](value); await settle(); continue; }
    const timer = timers.get(which);
    if (timer.every) timer.at = world.t + timer.every; else timers.delete(which);
    timer.act();
    if (!timer.every) await settle();
  }
  video.change({}, []);
  return { sent, truth: world.truth.map(([a, b, seen]) => [Math.round(a), Math.round(b), seen]), edges, trace, end: world.t };
};

for await (const line of createInterface({ input: process.stdin })) console.log(JSON.stringify(await run(JSON.parse(line))));
