// The film: chapters, the curve, speed, where the reader left off, keys; and it stays in sight while it plays.
import { all, clock, data, one, recall, remember, say } from "./page";

export const video = one<HTMLVideoElement>("#video");

const spans = data?.spans ?? [], intro = data?.intro ?? 0;
export const toSource = (at: number): number => {
  at = Math.max(0, at - intro);
  for (const [start, end] of spans) { if (at < end - start) return start + at; at -= end - start; }
  return spans.length ? spans[spans.length - 1]![1] : at;
};
export const toOutput = (at: number): number => { // a moment that was cut away opens at what follows it
  let shown = intro;
  for (const [start, end] of spans) { if (at < end) return shown + Math.max(0, at - start); shown += end - start; }
  return shown;
};

const followers: ((at: number) => void)[] = [];
export const follow = (told: (at: number) => void): void => void followers.push(told);

let wanted: (() => void) | null = null;
export const seek = (at: number, play = true): void => {
  if (!video) return;
  const go = (): void => {
    video.currentTime = toOutput(at) / 1000;
    if (play) video.play().catch(() => { /* the browser asks for one more tap; the frame is shown all the same */ });
  };
  if (wanted) video.removeEventListener("loadedmetadata", wanted);
  if (video.readyState >= 1) go();
  else {
    wanted = go;
    video.addEventListener("loadedmetadata", go, { once: true });
    if (video.networkState !== HTMLMediaElement.NETWORK_LOADING) { video.preload = "metadata"; video.load(); } // else it is on its way
  }
};

const current = (list: HTMLElement[], at: number): HTMLElement | null => {
  let low = 0, high = list.length;
  while (low < high) { const middle = (low + high) >> 1; if (Number(list[middle]!.dataset["at"]) <= at) low = middle + 1; else high = middle; }
  return list[low - 1] ?? null;
};
export const pointer = (list: HTMLElement[], moved: (now: HTMLElement) => void = () => {}): ((at: number) => void) => {
  let before: HTMLElement | null = null;
  return (at) => {
    const now = current(list, at);
    if (now === before) return;
    before?.removeAttribute("aria-current");
    now?.setAttribute("aria-current", "true");
    before = now;
    if (now) moved(now);
  };
};

const left = data ? `left-off:${data.id}` : "";
const resumeAt = (): number => { // seconds of the film; 0: nothing worth resuming
  const at = Number(recall(left));
  return at > 20 && at < (video?.duration || data!.duration / 1000) - 20 ? at : 0;
};

export const setUp = (): void => {
  if (!video || !data) return;
  const desk = one("#desk"), screen = one(".screen"), holder = one("#film"), hero = one("#player");
  if (desk) desk.hidden = false;

  // chapters
  const programme = all("#programme [data-at]"), box = one("#programme");
  follow(pointer(programme, (now) => {
    const part = one("#now-part");
    if (part) part.textContent = now.querySelector("span")?.textContent ?? "";
    if (box && video!.currentTime > 1 && box.scrollHeight > box.clientHeight) box.scrollTo({ top: now.offsetTop - box.clientHeight / 3, behavior: "smooth" });
  }));
  follow(pointer(all(".thread [data-at]")));
  follow(pointer(all("[data-slide]")));

  // the curve
  const curve = one<SVGSVGElement>("#curve"), played = one<SVGRectElement>("#played-to"), tip = one("#tip"), clockNow = one("#now-at");
  const wide = curve?.viewBox.baseVal.width ?? 0;
  follow((at) => {
    played?.setAttribute("width", String((wide * at) / data!.duration));
    if (clockNow) clockNow.textContent = clock(at);
  });
  if (curve) {
    const moment = (event: PointerEvent | MouseEvent): number => {
      const place = curve.getBoundingClientRect();
      return Math.max(0, Math.min(1, (event.clientX - place.left) / place.width)) * data!.duration;
    };
    curve.addEventListener("click", (event) => seek(moment(event)));
    curve.addEventListener("pointermove", (event) => {
      if (!tip || event.pointerType === "touch") return;
      const at = moment(event), chapter = current(programme, at);
      tip.textContent = `${clock(at)}  ${chapter?.querySelector("span")?.textContent ?? ""}`;
      tip.hidden = false;
      const place = curve.getBoundingClientRect();
      tip.style.left = `${Math.max(0, Math.min(place.width - tip.offsetWidth, event.clientX - place.left - tip.offsetWidth / 2))}px`;
    });
    curve.addEventListener("pointerleave", () => { if (tip) tip.hidden = true; });
  }
  const tell = (): void => { const at = toSource(Math.round(video!.currentTime * 1000)); for (const each of followers) each(at); };
  video.addEventListener("timeupdate", tell);
  video.addEventListener("seeking", tell);

  // nothing of the film is asked for before the page stands; a reader who saves data is asked first
  const ready = (): void => { if (video!.preload === "none" && !(navigator as { connection?: { saveData?: boolean } }).connection?.saveData) video!.preload = "metadata"; };
  const rest = (): void => { if ("requestIdleCallback" in window) requestIdleCallback(ready, { timeout: 3000 }); else setTimeout(ready, 500); };
  if (document.readyState === "complete") rest(); else addEventListener("load", rest, { once: true });
  video.addEventListener("play", () => { // captions of the film's own language, unless the reader chose others
    const tracks = [...video!.textTracks];
    if (tracks[0] && tracks.every((track) => track.mode === "disabled")) tracks[0].mode = "showing";
  }, { once: true });

  // speed
  const speeds = all<HTMLButtonElement>("[data-speed]");
  const rate = (value: number): void => {
    video!.playbackRate = video!.defaultPlaybackRate = value;
    for (const each of speeds) each.setAttribute("aria-pressed", String(Number(each.dataset["speed"]) === value));
    remember("speed", value === 1 ? null : String(value));
  };
  for (const each of speeds) each.addEventListener("click", () => rate(Number(each.dataset["speed"])));
  const kept = Number(recall("speed"));
  if (speeds.some((each) => Number(each.dataset["speed"]) === kept)) rate(kept);

  // where the reader left off
  const resume = one<HTMLButtonElement>("#resume");
  const asked = new URLSearchParams(location.search).get("t");
  if (resume && !asked && resumeAt()) {
    const at = resumeAt();
    resume.textContent = say("Resume at {time}", { time: clock(at * 1000) });
    resume.hidden = false;
    resume.addEventListener("click", () => { resume.hidden = true; seek(toSource(at * 1000)); });
    video.addEventListener("playing", () => { resume.hidden = true; }, { once: true });
  }
  let saved = 0;
  video.addEventListener("timeupdate", () => {
    if (Math.abs(video!.currentTime - saved) < 5) return;
    saved = video!.currentTime;
    remember(left, String(Math.floor(saved)));
  });
  video.addEventListener("ended", () => remember(left, null));
  tell();
  if (asked && /^\d{1,6}$/.test(asked)) seek(Number(asked) * 1000, false);

  // in sight while it plays
  if (screen && holder && hero && "IntersectionObserver" in window) {
    let away = false, started = false;
    const settle = (): void => {
      const dock = away && started && !document.fullscreenElement && document.pictureInPictureElement !== video;
      holder.classList.toggle("docked", dock);
    };
    new IntersectionObserver(([entry]) => { away = !entry!.isIntersecting && entry!.boundingClientRect.bottom < innerHeight / 2; settle(); }, { threshold: 0.1 }).observe(screen);
    video.addEventListener("play", () => { started = true; settle(); });
    video.addEventListener("pause", () => { if (video!.ended) { started = false; settle(); } });
  }

  // keys
  document.addEventListener("keydown", (event) => {
    const target = event.target as HTMLElement;
    if (event.ctrlKey || event.metaKey || event.altKey || /^(INPUT|TEXTAREA|SELECT|VIDEO|BUTTON)$/.test(target.tagName) || document.querySelector("dialog[open]")) return;
    const step: Record<string, number> = { ArrowLeft: -5, ArrowRight: 5, j: -10, l: 10 };
    const jump = step[event.key];
    if (event.key === "k" || (event.key === " " && target === document.body)) { event.preventDefault(); if (video!.paused) void video!.play().catch(() => {}); else video!.pause(); }
    else if (jump !== undefined) { event.preventDefault(); video!.currentTime = Math.max(0, video!.currentTime + jump); }
    else if (event.key === "f") void (document.fullscreenElement ? document.exitFullscreen() : video!.requestFullscreen?.());
    else if (event.key === "m") video!.muted = !video!.muted;
    else if (event.key === "c") for (const track of video!.textTracks) track.mode = track.mode === "showing" ? "hidden" : "showing";
    else if (event.key === "/") { event.preventDefault(); one<HTMLInputElement>("#find-in")?.focus(); }
  });

  // every moment on the page opens in the film, without leaving it
  document.addEventListener("click", (event) => {
    const link = (event.target as Element).closest<HTMLAnchorElement>("a[data-at]");
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey || event.button) return;
    event.preventDefault();
    seek(Number(link.dataset["at"]));
    history.replaceState(null, "", link.href.replace(/#player$/, ""));
  });
};
