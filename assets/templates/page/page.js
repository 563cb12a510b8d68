"use strict";
(() => {
  const data = JSON.parse(document.getElementById("data").textContent);
  const one = (id) => document.getElementById(id);
  const all = (selector) => [...document.querySelectorAll(selector)];
  const video = one("video");
  const hours = data.duration >= 3600000;
  let tongue = document.documentElement.lang.startsWith("zh") ? "zh" : "en";
  let version = null; // what is loaded
  let track = null;
  let opened = null; // the recording, when the reader opened it
  let message = null; // what the notice says: a key of data.words

  const clock = (ms) => {
    const s = Math.floor(ms / 1000), two = (n) => String(n).padStart(2, "0");
    return hours || s >= 3600
      ? `${Math.floor(s / 3600)}:${two(Math.floor(s / 60) % 60)}:${two(s % 60)}`
      : `${Math.floor(s / 60)}:${two(s % 60)}`;
  };
  const word = (key) => data.words[key][tongue];

  // -- one clock: the recording's; only these two translate -----------------------------------------------------------
  const toSource = ({ spans, intro }, at) => {
    at = Math.max(0, at - intro); // a bumper is no second of the recording: its neighbour stands for it
    for (const [start, end] of spans) {
      if (at < end - start) return start + at;
      at -= end - start;
    }
    return spans[spans.length - 1][1] - 1;
  };
  const toOutput = ({ spans, intro }, at) => {
    let shown = intro;
    for (const [start, end] of spans) {
      if (at < start) return null;
      if (at < end) return shown + at - start;
      shown += end - start;
    }
    return null;
  };
  // A sentence may begin a little before its span does: then its first shown moment counts.
  const moment = (film, at, until) => {
    const exact = toOutput(film, at);
    if (exact !== null) return exact;
    const next = film.spans.find(([start]) => start > at && start < until);
    return next ? toOutput(film, next[0]) : null;
  };
  const indexAt = (list, at) => {
    let low = 0, high = list.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (list[middle][0] <= at) low = middle + 1;
      else high = middle;
    }
    return low - 1;
  };

  // -- the player ----------------------------------------------------------------------------------------------------
  // Chromium refuses <track> files on file://, so the captions travel in the page, as WebVTT text.
  const cuesOf = (vtt) => vtt.split(/\n\n+/).flatMap((block) => {
    const at = /(\d+):(\d\d):(\d\d)\.(\d{3}) --> (\d+):(\d\d):(\d\d)\.(\d{3})[^\n]*\n([^]*)/.exec(block);
    if (!at) return [];
    const [, h, m, s, ms, h2, m2, s2, ms2, text] = at;
    return [new VTTCue(h * 3600 + m * 60 + +s + ms / 1000, h2 * 3600 + m2 * 60 + +s2 + ms2 / 1000, text.trim())];
  });
  const caption = (vtt) => {
    if (!track) {
      track = video.addTextTrack("captions", word("captions"), data.language || "und");
      track.mode = "showing";
    }
    const mode = track.mode;
    track.mode = "hidden"; // cues of a disabled track cannot be listed
    for (const cue of [...(track.cues || [])]) track.removeCue(cue);
    for (const cue of cuesOf(vtt)) track.addCue(cue);
    track.mode = mode;
  };
  document.addEventListener("play", (event) => { // one is heard at a time; play does not bubble
    for (const other of all("video")) if (other !== event.target) other.pause();
  }, true);
  const load = (next) => {
    if (version === next) return;
    version = next;
    video.hidden = false;
    for (const blank of all(".screen .blank")) blank.hidden = true;
    if (next.cover) video.poster = next.cover;
    else video.removeAttribute("poster");
    video.src = next.src;
    caption(next.captions);
    const title = document.querySelector(`[data-card="${next.card}"] h4`);
    one("now-title").replaceChildren(...(title ? [...title.childNodes].map((node) => node.cloneNode(true)) : []));
    one("now-length").textContent = clock(next.duration);
    one("now-file").hidden = next === opened;
    one("now-file").href = next.src;
    one("map-spans").replaceChildren(...next.spans.map(([start, end]) => {
      const bar = document.createElement("i");
      bar.style.left = `${(100 * start) / data.duration}%`;
      bar.style.width = `${(100 * (end - start)) / data.duration}%`;
      return bar;
    }));
    for (const card of all("[data-card]")) card.setAttribute("aria-current", String(card.dataset.card === next.card));
    for (const chip of all(".renders [data-play]")) chip.setAttribute("aria-pressed", String(chip.dataset.play === next.name));
    for (const line of lines) {
      const [start, end] = data.sentences[line.dataset.line];
      line.classList.toggle("out", !next.spans.some(([from, to]) => Math.min(to, end) - Math.max(from, start) > (end - start) / 2));
    }
    head(toSource(next, 0));
    speak();
  };
  const start = (at) => {
    const go = () => {
      video.currentTime = at / 1000;
      video.play().catch(() => {}); // the browser may ask for one more click; the frame is shown all the same
    };
    if (video.readyState >= 1) go();
    else {
      video.addEventListener("loadedmetadata", go, { once: true });
      video.load();
    }
  };
  const notice = (key) => {
    message = key;
    one("notice").textContent = key ? word(key) : "";
  };
  // A moment of the recording, in what is loaded if it shows it, else in the longest version that does.
  const playAt = (at, until) => {
    const order = [version, ...data.versions, opened].filter(Boolean);
    const shows = order.find((each) => moment(each, at, until) !== null);
    notice(shows ? null : "cut_away");
    if (!shows) return;
    load(shows);
    start(moment(shows, at, until));
  };

  // -- following -----------------------------------------------------------------------------------------------------
  const lines = all("[data-line]");
  const chapters = all(".chapters [data-at]");
  const pages = all(".slides [data-at]");
  const current = { line: null, chapter: null, page: null };
  const seen = (element) => {
    const box = element.getBoundingClientRect();
    return box.height > 0 && box.bottom > 0 && box.top < innerHeight;
  };
  const point = (kind, element) => {
    const before = current[kind];
    if (before === element) return;
    if (before) before.removeAttribute("aria-current");
    if (element) element.setAttribute("aria-current", "true");
    current[kind] = element;
    // Only a reader who is at the transcript is taken along; everyone else stays where they are.
    const along = kind === "line" && element && one("follow").getAttribute("aria-pressed") === "true";
    if (along && before && seen(before) && !video.paused) {
      const box = element.getBoundingClientRect();
      if (box.top < innerHeight * 0.3 || box.bottom > innerHeight * 0.75) element.scrollIntoView({ block: "center" });
    }
  };
  const last = (elements, at) => elements.filter((element) => Number(element.dataset.at) <= at).pop() || null;
  const head = (at) => {
    const mark = one("map-head");
    mark.hidden = false;
    mark.style.left = `${Math.min(100, (100 * at) / data.duration)}%`;
    one("map-at").textContent = clock(at);
    const index = indexAt(data.sentences, at + 50);
    point("line", index >= 0 ? lines[index] : null);
    point("chapter", last(chapters, at));
    point("page", last(pages, at));
  };
  video.addEventListener("timeupdate", () => version && head(toSource(version, Math.round(video.currentTime * 1000))));
  video.addEventListener("seeking", () => version && head(toSource(version, Math.round(video.currentTime * 1000))));

  // -- search --------------------------------------------------------------------------------------------------------
  const search = one("search");
  const texts = lines.map((line) => line.lastElementChild.textContent);
  const paint = (span, text, wanted) => {
    if (!wanted) return void (span.textContent = text);
    const parts = [];
    const lower = text.toLowerCase();
    let from = 0;
    for (let at = lower.indexOf(wanted); at >= 0; at = lower.indexOf(wanted, from)) {
      const mark = document.createElement("mark");
      mark.textContent = text.slice(at, at + wanted.length);
      parts.push(text.slice(from, at), mark);
      from = at + wanted.length;
    }
    span.replaceChildren(...parts, text.slice(from));
  };
  const look = () => {
    const wanted = search.value.trim().toLowerCase();
    let hits = 0;
    lines.forEach((line, index) => {
      const hit = !wanted || texts[index].toLowerCase().includes(wanted);
      const painted = line.querySelector("mark");
      if (wanted && hit) { hits += 1; paint(line.lastElementChild, texts[index], wanted); }
      else if (painted) paint(line.lastElementChild, texts[index], "");
      line.hidden = !hit;
    });
    for (const who of all(".who")) who.hidden = Boolean(wanted);
    for (const block of all(".block")) block.hidden = Boolean(wanted) && !block.querySelector(".line:not([hidden])");
    const shown = wanted ? pages.filter((page) => page.dataset.text.toLowerCase().includes(wanted)) : [];
    const list = one("found-slides");
    list.hidden = shown.length === 0;
    list.replaceChildren(list.firstElementChild, ...shown.map((page) => {
      const button = document.createElement("button");
      button.type = "button";
      button.dataset.at = page.dataset.at;
      button.textContent = `${clock(Number(page.dataset.at))}  ${page.querySelector(".name").textContent}`;
      return button;
    }));
    const total = hits + shown.length;
    one("found").textContent = !wanted ? "" : total ? word("found").replace("{n}", total) : word("nothing_found");
  };
  if (search) {
    search.addEventListener("input", look);
    search.addEventListener("keydown", (event) => {
      const first = lines.find((line) => !line.hidden);
      if (event.key === "Enter" && search.value.trim() && first) first.click();
    });
    one("follow").addEventListener("click", (event) => {
      const button = event.currentTarget;
      button.setAttribute("aria-pressed", String(button.getAttribute("aria-pressed") !== "true"));
    });
  }

  // -- the reader's language -----------------------------------------------------------------------------------------
  const speak = () => {
    one("now-cut").textContent = !version ? "" : version === opened ? word("recording") : version.name.split(".")[0];
    if (message) notice(message);
  };
  const turn = (to) => {
    tongue = to;
    document.documentElement.lang = to === "zh" ? "zh-CN" : "en";
    for (const element of all("[data-zh]")) element.textContent = element.dataset[to];
    for (const element of all("[data-attr]")) {
      element.setAttribute(element.dataset.attr, element.getAttribute(`data-attr-${to}`));
    }
    for (const button of all("[data-to]")) button.setAttribute("aria-pressed", String(button.dataset.to === to));
    speak();
    if (search) look();
  };

  // -- hands ---------------------------------------------------------------------------------------------------------
  document.addEventListener("click", (event) => {
    const target = event.target.closest("[data-play], [data-at], [data-to]");
    if (!target) return;
    if (target.dataset.to) turn(target.dataset.to);
    else if (target.dataset.play) {
      notice(null);
      load(data.versions.find((each) => each.name === target.dataset.play));
      start(0);
    } else {
      const at = Number(target.dataset.at);
      playAt(at, target.dataset.line ? data.sentences[target.dataset.line][1] : at + 60000);
    }
  });
  one("map").addEventListener("click", (event) => {
    const box = one("map").getBoundingClientRect();
    playAt(Math.round(((event.clientX - box.left) / box.width) * data.duration), data.duration);
  });
  one("open").addEventListener("change", (event) => {
    const file = event.target.files[0];
    if (!file) return;
    opened = { name: "", src: URL.createObjectURL(file), duration: data.duration, spans: [[0, data.duration]], intro: 0, captions: "", card: "" };
    notice(null);
    load(opened);
    start(0);
  });
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || /^(INPUT|VIDEO)$/.test(event.target.tagName)) return;
    const step = { ArrowLeft: -5, ArrowRight: 5, j: -10, l: 10 }[event.key];
    if (event.key === "/" && search) { event.preventDefault(); search.focus(); }
    else if (event.key === "k" && version) { if (video.paused) video.play().catch(() => {}); else video.pause(); }
    else if (step && version) { event.preventDefault(); video.currentTime += step; }
  });
  const tabs = all(".tabs a");
  const near = new Set();
  const watch = new IntersectionObserver((entries) => {
    for (const { target, isIntersecting } of entries) isIntersecting ? near.add(target.id) : near.delete(target.id);
    const deepest = all("section[id]").filter((section) => near.has(section.id)).pop();
    for (const tab of tabs) tab.setAttribute("aria-current", String(Boolean(deepest) && tab.hash === `#${deepest.id}`));
  }, { rootMargin: "-20% 0px -70% 0px" });
  for (const tab of tabs) watch.observe(document.querySelector(tab.hash));

  if (data.versions.length) load(data.versions[0]);
})();
