// Everything the pages do beside being read. Without it they still work: links carry their moment, forms are posted.
import * as consent from "./consent";
import * as film from "./film";
import * as kit from "./kit";
import { all } from "./page";
import * as script from "./script";
import * as share from "./share";
import * as show from "./show";
import * as stream from "./stream";
import * as wechat from "./wechat";

document.documentElement.classList.add("js");
film.setUp();
if (film.video) stream.setUp(film.video);
script.setUp();
share.setUp();
show.setUp();
kit.setUp();
consent.setUp();
wechat.setUp();

const tabs = all<HTMLAnchorElement>(".sections a"), near = new Set<string>();
// Parts that were not in view yet have guessed heights: all are laid out before somebody goes past them, so as to arrive.
const whole = (): void => { document.documentElement.classList.add("laid"); void document.body.offsetHeight; };
if (location.hash) whole();
for (const tab of tabs) tab.addEventListener("click", whole);
if (tabs.length && "IntersectionObserver" in window) {
  const watch = new IntersectionObserver((entries) => {
    for (const { target, isIntersecting } of entries) { if (isIntersecting) near.add(target.id); else near.delete(target.id); }
    const deepest = tabs.filter((tab) => near.has(tab.hash.slice(1))).pop();
    for (const tab of tabs) { if (tab === deepest) tab.setAttribute("aria-current", "true"); else tab.removeAttribute("aria-current"); }
  }, { rootMargin: "-25% 0px -65% 0px" });
  for (const tab of tabs) { const section = document.getElementById(tab.hash.slice(1)); if (section) watch.observe(section); }
}

const bare = document.querySelector<HTMLVideoElement>(".bare video");
if (bare) {
  bare.addEventListener("play", () => bare.classList.add("playing"));
  bare.addEventListener("pause", () => bare.classList.remove("playing"));
}
