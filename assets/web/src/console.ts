// What the console's pages do beside being read. Without it forms are posted, covers open their films, and pages look again by themselves.
import { all, make, one } from "./page";

interface Step { stage: string; variant: string; state: string }
interface Progress { state: string; fraction: number; jobs: Step[] }

// A run that is under way tells how far it is; when it has ended the page is read anew, with what was made.
const run = one("[data-run]");
if (run && "EventSource" in window) {
  const words = JSON.parse(run.dataset["words"] ?? "{}") as Record<string, string>;
  const meter = one<HTMLProgressElement>("progress", run), percent = one("[data-told=percent]", run), step = one("[data-told=step]", run);
  const source = new EventSource(run.dataset["run"]!), busy = new Map<string, string>();
  source.addEventListener("progress", (event) => {
    const told = JSON.parse((event as MessageEvent<string>).data) as Progress;
    if (told.state !== "waiting" && told.state !== "working") { source.close(); location.replace(location.pathname + location.search.replace(/([?&])done=\w+&?/, "$1")); return; }
    for (const { stage, variant, state } of told.jobs) {
      const key = `${stage} ${variant}`;
      if (state === "running") busy.set(key, [words[stage] ?? stage, variant].filter(Boolean).join(" ")); else busy.delete(key);
    }
    const whole = Math.min(99, Math.floor(100 * told.fraction)), now = [...busy.values()].pop();
    if (meter) meter.value = whole;
    if (percent) percent.textContent = (run.dataset["percent"] ?? "{n}%").replace("{n}", String(whole));
    if (step && now && run.dataset["working"]) {
      const text = run.dataset["working"].replace("{step}", now);
      if (step.textContent !== text) step.textContent = text;
    }
  });
  addEventListener("pagehide", () => source.close());
}

// A form is sent once: its button rests until the next page.
document.addEventListener("submit", (event) => {
  for (const button of all<HTMLButtonElement>("button", event.target as HTMLFormElement)) button.disabled = true;
});
addEventListener("pageshow", (event) => { if (event.persisted) for (const button of all<HTMLButtonElement>("form button")) button.disabled = false; });

// Only one thing is asked at a time, and Escape is a no.
const asked = all<HTMLDetailsElement>("details.sure");
for (const details of asked) details.addEventListener("toggle", () => { if (details.open) for (const other of asked) if (other !== details) other.open = false; });
document.addEventListener("keydown", (event) => {
  const open = asked.find((details) => details.open);
  if (event.key === "Escape" && open) { open.open = false; one<HTMLElement>("summary", open)?.focus(); }
});
document.addEventListener("click", (event) => { for (const details of asked) if (details.open && !details.contains(event.target as Node)) details.open = false; });

// Films and pictures are held up over the page.
document.addEventListener("click", (event) => {
  const link = (event.target as Element).closest<HTMLAnchorElement>("a[data-film], a[data-picture]");
  if (!link || event.ctrlKey || event.metaKey || event.shiftKey || !("HTMLDialogElement" in window)) return;
  event.preventDefault();
  const film = "film" in link.dataset, title = link.dataset["title"] ?? "", dialog = make("dialog");
  const shown = film ? make("video", { src: link.href, controls: true, autoplay: true, playsInline: true }) : make("img", { src: link.href, alt: link.querySelector("img")?.alt ?? title });
  const cross = make("button", { type: "button", className: "close", textContent: "×" });
  cross.setAttribute("aria-label", document.body.dataset["close"] ?? "×");
  cross.addEventListener("click", () => dialog.close());
  dialog.setAttribute("aria-label", title);
  const tall = !film && (link.querySelector("img")?.naturalHeight ?? 0) > 1000;
  dialog.append(make("div", { className: "held" }, make("header", {}, make("h2", { textContent: title }), cross), make("div", { className: tall ? "shown tall" : "shown" }, shown)));
  dialog.addEventListener("close", () => dialog.remove());
  document.body.append(dialog);
  dialog.showModal();
});
