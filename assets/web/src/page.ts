// What stands in the page for the script: elements, numbers, and the words it says itself.
export interface Data { id: string; duration: number; spans: [number, number][]; intro: number; words: Record<string, string>; card?: { title: string; desc: string; link: string; imgUrl: string } }

export const one = <T extends Element = HTMLElement>(selector: string, root: ParentNode = document): T | null => root.querySelector<T>(selector);
export const all = <T extends Element = HTMLElement>(selector: string, root: ParentNode = document): T[] => [...root.querySelectorAll<T>(selector)];

const held = document.getElementById("data");
export const data: Data | null = held ? JSON.parse(held.textContent || "null") : null;
export const say = (text: string, about: Record<string, string | number> = {}): string =>
  (data?.words[text] ?? text).replace(/\{(\w+)\}/g, (whole, key: string) => String(about[key] ?? whole));

export const clock = (ms: number): string => {
  const s = Math.floor(ms / 1000), two = (n: number): string => String(n).padStart(2, "0");
  return s >= 3600 ? `${Math.floor(s / 3600)}:${two(Math.floor(s / 60) % 60)}:${two(s % 60)}` : `${Math.floor(s / 60)}:${two(s % 60)}`;
};

export const make = <K extends keyof HTMLElementTagNameMap>(
  tag: K, about: Partial<HTMLElementTagNameMap[K]> = {}, ...inside: (Node | string)[]
): HTMLElementTagNameMap[K] => {
  const element = Object.assign(document.createElement(tag), about);
  element.append(...inside);
  return element;
};

export const toast = (text: string): void => {
  const note = make("p", { className: "toast", textContent: text });
  note.setAttribute("role", "status");
  document.body.append(note);
  setTimeout(() => note.remove(), 2600);
};

// Storage may be refused (private windows, strict settings): then nothing is remembered and nothing breaks.
export const recall = (key: string): string | null => { try { return localStorage.getItem(key); } catch { return null; } };
export const remember = (key: string, value: string | null): void => {
  try { if (value === null) localStorage.removeItem(key); else localStorage.setItem(key, value); } catch { /* not kept */ }
};
