// Sending on: the phone's own sheet where there is one, else the link is copied.
import { toSource, video } from "./film";
import { all, say, toast } from "./page";

const copied = async (link: string): Promise<boolean> => {
  try { await navigator.clipboard.writeText(link); return true; } catch { /* not allowed here: the old way */ }
  const field = document.createElement("textarea");
  field.value = link;
  field.className = "unseen";
  document.body.append(field);
  field.select();
  const done = document.execCommand("copy");
  field.remove();
  return done;
};

export const send = async (link: string, title: string): Promise<void> => {
  if (navigator.share && matchMedia("(pointer: coarse)").matches) {
    try { await navigator.share({ title, url: link }); return; } catch (error) { if ((error as Error).name === "AbortError") return; }
  }
  if (await copied(link)) toast(say("Link copied")); else prompt(say("Share"), link);
};

export const setUp = (): void => {
  for (const button of all<HTMLButtonElement>("[data-share]")) {
    button.addEventListener("click", () => {
      const link = new URL(button.dataset["share"]!, location.href);
      const at = video ? Math.floor(toSource(video.currentTime * 1000) / 1000) : 0;
      if (at > 5) link.searchParams.set("t", String(at));
      void send(link.href, button.dataset["title"] ?? document.title);
    });
  }
};
