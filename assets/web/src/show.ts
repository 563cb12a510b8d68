// A version or a picture, held up over the page: played, saved, sent on; or its moment opened in the replay.
import { seek, video } from "./film";
import { make, one, say } from "./page";
import { send } from "./share";
import * as stream from "./stream";

const moment = (link: HTMLElement, close: () => void): HTMLButtonElement[] => {
  const from = link.dataset["from"];
  if (!from || !video) return [];
  const button = make("button", { type: "button", className: "button ghost", textContent: say("Watch this moment in the replay") });
  button.addEventListener("click", () => { close(); one("#player")?.scrollIntoView(); seek(Number(from)); });
  return [button];
};

const open = (title: string, shown: HTMLElement, tall: boolean, foot: (close: () => void) => (Node | string)[]): void => {
  const dialog = make("dialog"), close = (): void => dialog.close();
  dialog.setAttribute("aria-label", title);
  const cross = make("button", { type: "button", className: "close", textContent: "×" });
  cross.setAttribute("aria-label", say("Close"));
  cross.addEventListener("click", close);
  const stage = make("div", { className: tall ? "shown tall" : "shown" }, shown);
  stage.addEventListener("click", (event) => { if (event.target === stage) close(); });
  dialog.append(make("div", { className: "held" }, make("header", {}, make("h2", { textContent: title }), cross), stage, make("footer", {}, ...foot(close))));
  dialog.addEventListener("close", () => dialog.remove());
  document.body.append(dialog);
  dialog.showModal();
};

const saved = (href: string, textContent: string, className = ""): HTMLAnchorElement => {
  const link = make("a", { href, download: "", textContent, className });
  link.dataset["cta"] = "poster"; // the beacon tells that it was
  return link;
};

const film = (link: HTMLAnchorElement): void => {
  video?.pause();
  const { film: source = "", poster = "", title = "", captions, language = "", asset, stream: ladder, player: script } = link.dataset;
  const player = make("video", { src: source, poster, controls: true, autoplay: true, playsInline: true });
  if (ladder && script) { Object.assign(player.dataset, { stream: ladder, player: script }); stream.setUp(player); }
  if (asset) player.dataset["asset"] = asset; // whose seconds the beacon counts
  if (captions) player.append(make("track", { kind: "captions", src: captions, srclang: language, label: language, default: true }));
  open(title, player, false, (close) => {
    const share = make("button", { type: "button", className: "button ghost", textContent: say("Share") });
    share.addEventListener("click", () => void send(link.href, title));
    return [...moment(link, close), share];
  });
};

// The same poster in motion, in the place of the still one; it plays without a sound, over and over.
const motion = (image: HTMLImageElement, source: string): HTMLButtonElement => {
  const button = make("button", { type: "button", className: "button ghost", textContent: say("Show it moving") });
  button.addEventListener("click", () => {
    const player = make("video", { src: source, poster: image.src, controls: true, autoplay: true, loop: true, muted: true, playsInline: true });
    player.setAttribute("aria-label", image.alt);
    image.replaceWith(player);
    button.remove();
  });
  return button;
};

const picture = (link: HTMLAnchorElement): void => {
  const { picture: source = "", title = "", sizes = "", moving, take = "" } = link.dataset;
  const image = make("img", { src: source, alt: link.querySelector("img")?.alt || title });
  open(title, image, !link.closest(".posters"), (close) => {
    const files = sizes.split("\n").filter(Boolean).map((line) => line.split(" ") as [string, string]);
    const first = files[0]?.[1] ?? link.href;
    const phone = matchMedia("(pointer: coarse)").matches;
    return [
      ...(phone ? [make("p", { className: "quiet", textContent: say("Press and hold the picture to save it") })] : [saved(first, say("Download"), "button")]),
      ...(moving ? [motion(image, moving)] : []),
      ...moment(link, close),
      ...(moving ? [saved(take, "MP4")] : []),
      ...files.slice(1).map(([size, href]) => saved(href, size)),
    ];
  });
};

export const setUp = (): void => {
  if (!("HTMLDialogElement" in window)) return;
  document.addEventListener("click", (event) => {
    const link = (event.target as Element).closest<HTMLAnchorElement>("a[data-film], a[data-picture]");
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    if (link.dataset["film"]) film(link); else picture(link);
  });
};
