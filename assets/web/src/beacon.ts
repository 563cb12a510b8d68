// The beacon: tells the site which seconds of a film were watched. One script tag, on any page:
//   <script src="https://SITE/t/v1/beacon.js" data-view="TOKEN" data-asset="as_..." defer></script>
// `data-asset` here is for a page with one film; elsewhere it stands on each <video>. A press on whatever has `data-cta` (one of
// PRESSED) is told too. Nothing is kept in the browser, but for what could not be sent, where the reader agreed to be recognised.
import { look, type Look, type Stretch } from "./beacon-segments";

interface Told { n: number; k: string; dt: number; a?: number; b?: number; r?: number; m?: number; w?: number; vis?: number }
interface Batch { v: 1; ctx: string; psid: string; as: string; sent_dt: number; l: string; ev: Told[] }
interface Left { at: number; batch: Batch }

const tag = document.currentScript as HTMLScriptElement | null;
const ctx = tag?.dataset["view"] ?? "";
const single = tag?.dataset["asset"] ?? "";
const post = tag ? new URL("/t/v1/batch", tag.src).href : "";
const code = new URLSearchParams(location.search).get("l") ?? "";
const PRESSED = ["cta", "file", "poster", "card"]; // told by its place here
const LOOK = 250, MOST = 100, SHORT = 60, KEPT = "rp-views", CHOSE = "rp-consent", MOST_KEPT = 1000, MOST_SIGNS = 256 << 10;
const LONGEST_KEPT = 72 * 3600e3, FIRST_WAIT = 3000, LONGEST_WAIT = 30 * 60e3;

const now = (): number => performance.now();
const agreed = (): boolean => { try { return (localStorage.getItem(CHOSE) ?? "").startsWith("yes"); } catch { return false; } };
const chance = (): string => {
  let signs = "";
  for (const byte of crypto.getRandomValues(new Uint8Array(16))) signs += String.fromCharCode(byte);
  return btoa(signs).replace(/\+/g, "-").replace(/\//g, "_").replace(/=/g, "");
};
const send = (batch: Batch): Promise<Response> =>
  fetch(post, { method: "POST", body: JSON.stringify(batch), keepalive: true, headers: { "content-type": "text/plain" } });
const final = (status: number): boolean => status < 400 || [400, 401, 403, 410, 413, 422].includes(status); // never to be sent again

class Player {
  private psid = ""; private began = 0; private n = 0; private timer = 0; private retry = 0; private failed = 0; private gone = 0;
  private open: Stretch | null = null; private waiting: Told[] = []; private busy = false; private played = false; private inView = false;

  constructor(private video: HTMLVideoElement, private asset: string) {
    const on = (names: string, heard: (event: Event) => void): void => { for (const name of names.split(" ")) video.addEventListener(name, heard); };
    on("play playing", () => { this.start(); this.look(); });
    on("pause ended", () => { this.look(); this.stop(); this.flush(); });
    on("seeking", () => this.look(true));
    on("seeked waiting ratechange volumechange enterpictureinpicture leavepictureinpicture", () => this.look());
    if ("IntersectionObserver" in window) new IntersectionObserver(([seen]) => { this.inView = seen!.intersectionRatio >= 0.5; this.look(); }, { threshold: 0.5 }).observe(video);
    this.begin();
  }

  // A player anew: after the page came back from the browser's memory, and when the reader chose anew who they are.
  begin(): void {
    this.psid = chance(); this.began = now(); this.n = 0; this.open = null; this.waiting = []; this.played = false; this.failed = this.retry = this.gone = 0;
    if (this.video.isConnected) this.tell("load");
    if (!this.video.paused) { this.start(); this.look(); }
  }

  look(jumped = false, last = false): void {
    const { video } = this, muted = video.muted || video.volume === 0;
    const floating = document.pictureInPictureElement === video;
    const seen: Look = {
      t: now(), at: video.currentTime * 1000, rate: video.playbackRate, muted, jumped,
      playing: !last && !video.paused && !video.ended && !video.seeking && video.readyState > 2,
      // A film that plays by itself, without a sound, is watched where it is in view.
      seen: floating || (document.visibilityState === "visible" && (!muted || this.inView)),
    };
    const longest = video.duration <= SHORT ? 5000 : 10000, [open, ended] = look(this.open, seen, longest);
    this.open = open;
    if (seen.playing && !this.played) { this.played = true; this.tell("play"); }
    if (!ended) return;
    const b = Math.min(ended.b, video.duration * 1000 || ended.b);
    this.tell("seg", ended.from, {
      a: Math.round(ended.a), b: Math.round(b), r: ended.rate, m: ended.muted ? 1 : 0, w: Math.round(ended.to - ended.from), vis: ended.seen ? 1 : 0,
    });
    if (open && ended.to - ended.from >= longest) this.flush();
  }

  // To be sent again until it is acknowledged, under the same number.
  flush(): void {
    if (this.busy || !this.waiting.length || !post || now() < this.retry) return;
    const batch = this.batch(this.waiting.slice(0, MOST)), last = batch.ev[batch.ev.length - 1]!.n, psid = this.psid;
    this.busy = true;
    send(batch).then((answer) => answer.status).catch(() => 0).then((status) => {
      this.busy = false;
      if (psid !== this.psid) return;
      if (status && final(status)) { this.waiting = this.waiting.filter((told) => told.n > last); this.failed = this.retry = 0; unkeep(psid); if (this.waiting.length >= MOST) this.flush(); return; }
      this.retry = now() + Math.min(LONGEST_WAIT, FIRST_WAIT * 2 ** this.failed++) * (0.5 + Math.random());
      setTimeout(() => this.flush(), this.retry - now() + 1);
    });
  }

  // The page may never be seen again: whatever is open is closed, and all that waits goes out by itself.
  leave(): void {
    this.look(false, true);
    const fresh = this.waiting.filter((told) => told.n >= this.gone); // hidden and gone are two events
    this.gone = this.n;
    for (let at = 0; at < fresh.length; at += MOST) {
      const body = JSON.stringify(this.batch(fresh.slice(at, at + MOST)));
      if (!navigator.sendBeacon?.(post, body)) void fetch(post, { method: "POST", body, keepalive: true }).catch(() => {});
    }
    if (agreed() && this.waiting.length) keep(this.batch(this.waiting));
  }

  press(what: number): void { this.tell("cta", now(), { a: what }); this.flush(); }

  again(): void { this.retry = 0; this.flush(); }

  private batch(ev: Told[]): Batch {
    return { v: 1, ctx, psid: this.psid, as: this.asset, sent_dt: Math.round(now() - this.began), l: code, ev };
  }

  private tell(k: string, at = now(), more: Partial<Told> = {}): void {
    this.waiting.push({ n: this.n++, k, dt: Math.max(0, Math.round(at - this.began)), ...more });
    if (this.waiting.length > MOST_KEPT) this.waiting.shift();
  }

  private start(): void { if (!this.timer) this.timer = setInterval(() => this.look(), LOOK) as unknown as number; }
  private stop(): void { clearInterval(this.timer); this.timer = 0; }
}

// What could not be sent before the page went, for the next one of this site.
const kept = (): Left[] => { try { return JSON.parse(localStorage.getItem(KEPT) ?? "[]"); } catch { return []; } };
const put = (left: Left[]): void => {
  try {
    let text = JSON.stringify(left);
    while (left.length && (text.length > MOST_SIGNS || left.reduce((sum, one) => sum + one.batch.ev.length, 0) > MOST_KEPT)) { left.shift(); text = JSON.stringify(left); }
    if (left.length) localStorage.setItem(KEPT, text); else localStorage.removeItem(KEPT);
  } catch { /* not kept */ }
};
const keep = (batch: Batch): void => put([...kept().filter((one) => one.batch.psid !== batch.psid), { at: Date.now(), batch }]);
const unkeep = (psid: string): void => { if (agreed()) put(kept().filter((one) => one.batch.psid !== psid)); };
const deliver = async (): Promise<void> => {
  for (const { at, batch } of kept()) {
    const since = Date.now() - at;
    const stale = since < 0 || since > LONGEST_KEPT;
    for (let first = 0; !stale && first < batch.ev.length; first += MOST) {
      const status = await send({ ...batch, sent_dt: batch.sent_dt + since, ev: batch.ev.slice(first, first + MOST) }).then((answer) => answer.status, () => 0);
      if (!status || !final(status)) return;
    }
    unkeep(batch.psid);
  }
};

const players = new Map<HTMLVideoElement, Player>();
const meet = (video: EventTarget | null): void => {
  if (!(video instanceof HTMLVideoElement) || players.has(video)) return;
  const asset = video.dataset["asset"] || single;
  if (asset) players.set(video, new Player(video, asset));
};
const each = (act: (player: Player) => void): void => {
  for (const [video, player] of players) { act(player); if (!video.isConnected) players.delete(video); }
};
if (ctx) {
  document.querySelectorAll("video").forEach(meet);
  for (const name of ["loadstart", "play"]) document.addEventListener(name, (event) => meet(event.target), true); // films that come later
  document.addEventListener("visibilitychange", () => { if (document.visibilityState === "hidden") each((one) => one.leave()); else each((one) => { one.look(); one.again(); }); });
  document.addEventListener("click", (event) => {
    const pressed = event.isTrusted && event.target instanceof Element && event.target.closest<HTMLElement>("[data-cta]");
    const what = pressed ? PRESSED.indexOf(pressed.dataset["cta"]!) : -1;
    if (what < 0) return;
    if (!players.size && single) { const none = document.createElement("video"); players.set(none, new Player(none, single)); } // no film here: it is said of that one
    for (const player of players.values()) { player.press(what); break; }
  });
  addEventListener("pagehide", () => each((one) => one.leave()));
  addEventListener("pageshow", (event) => { if (event.persisted) each((one) => one.begin()); });
  addEventListener("online", () => each((one) => one.again()));
  addEventListener("rp-consent", () => { each((one) => { one.leave(); one.begin(); }); if (!agreed()) put([]); });
  if (agreed()) void deliver();
}
