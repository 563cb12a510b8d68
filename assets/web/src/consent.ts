// May this browser be recognised? Asked once, when a film begins; answered or taken back at any time from the foot of the page.
import { one, recall, remember } from "./page";

const CHOSE = "rp-consent"; // the beacon reads it too
const VERSION = "1";

export const setUp = (): void => {
  const bar = one<HTMLFormElement>("#consent"), door = one<HTMLButtonElement>("#consent-door");
  // Who browses with Global Privacy Control has said no already.
  if (!bar || !door || (navigator as { globalPrivacyControl?: boolean }).globalPrivacyControl) return;
  const state = (): void => { bar.dataset["chosen"] = (recall(CHOSE) ?? "").split(":")[0] ?? ""; };
  state();
  door.hidden = false;
  door.addEventListener("click", () => { bar.hidden = false; one<HTMLElement>("button", bar)?.focus(); });
  if (!recall(CHOSE)?.endsWith(`:${VERSION}`)) document.addEventListener("playing", () => { bar.hidden = false; }, { capture: true, once: true });
  bar.addEventListener("submit", (event) => {
    event.preventDefault();
    const choice = (event.submitter as HTMLButtonElement | null)?.value ?? "no";
    void fetch(bar.action, { method: "POST", body: new URLSearchParams({ choice, locale: document.documentElement.lang }) }).then((answer) => {
      if (!answer.ok) return;
      remember(CHOSE, `${choice}:${VERSION}`);
      bar.hidden = true;
      state();
      dispatchEvent(new Event("rp-consent"));
    }).catch(() => { /* asked again at the next film */ });
  });
};
