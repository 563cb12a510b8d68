// The transcript: follows the film, and is searched as one types; Enter opens the first hit.
import { follow, pointer, seek, video } from "./film";
import { all, make, one, say } from "./page";

export const setUp = (): void => {
  const box = one("#script"), find = one("#find"), input = one<HTMLInputElement>("#find-in"), count = one("#found");
  const along = one<HTMLInputElement>("#follow");
  if (!box || !find || !input) return;
  find.hidden = false;
  const lines = all("[data-line]", box);
  let spans: HTMLElement[] = [], texts: string[] = [], lower: string[] = [];
  const read = (): void => { // only when somebody searches
    spans = lines.map((line) => line.querySelector("span")!);
    texts = spans.map((span) => span.textContent ?? "");
    lower = texts.map((text) => text.toLowerCase());
  };

  let touched = 0; // a reader who scrolls is left alone for a while
  box.addEventListener("wheel", () => { touched = Date.now(); }, { passive: true });
  box.addEventListener("touchmove", () => { touched = Date.now(); }, { passive: true });
  follow(pointer(lines, (now) => {
    if (!along?.checked || now.hidden || !video || video.paused || Date.now() - touched < 6000) return;
    box.scrollTo({ top: now.offsetTop - box.offsetTop - box.clientHeight / 3, behavior: "smooth" });
  }));

  const paint = (index: number, wanted: string): void => {
    const text = texts[index]!, parts: (Node | string)[] = [];
    let from = 0;
    for (let at = lower[index]!.indexOf(wanted); wanted && at >= 0; at = lower[index]!.indexOf(wanted, from)) {
      parts.push(text.slice(from, at), make("mark", { textContent: text.slice(at, at + wanted.length) }));
      from = at + wanted.length;
    }
    spans[index]!.replaceChildren(...parts, text.slice(from));
  };
  const look = (): void => {
    if (!spans.length) read();
    const wanted = input.value.trim().toLowerCase();
    let hits = 0;
    box.classList.toggle("sought", Boolean(wanted)); // a chapter without a hit takes no room, also where it was not laid out yet
    lines.forEach((line, index) => {
      const hit = !wanted || lower[index]!.includes(wanted);
      if (wanted && hit) { hits += 1; paint(index, wanted); } else if (line.querySelector("mark")) paint(index, "");
      line.hidden = !hit;
    });
    for (const head of all("h3, .who", box)) head.hidden = Boolean(wanted);
    if (count) count.textContent = !wanted ? "" : hits ? say("{n} found", { n: hits }) : say("Nothing found");
    if (wanted) box.scrollTop = 0;
  };
  input.addEventListener("input", look);
  input.addEventListener("keydown", (event) => {
    const first = lines.find((line) => !line.hidden);
    if (event.key === "Enter" && input.value.trim() && first) { event.preventDefault(); seek(Number(first.dataset["at"])); }
    if (event.key === "Escape") { input.value = ""; look(); }
  });
};
