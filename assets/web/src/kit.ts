// The form: sent without leaving the page; where that fails it is posted as any form is.
import { all, one, say } from "./page";

interface Refused { problem: string; fields: Record<string, string>; stamp: string }
interface Taken { said: string; kit: string }

export const setUp = (): void => {
  const form = one<HTMLFormElement>("#lead"), kit = one("#kit");
  if (!form || !kit) return;
  const problem = one("#form-problem", form), button = one<HTMLButtonElement>("button[type=submit]", form)!;
  const label = button.textContent ?? "";
  const tell = (text: string): void => { if (problem) { problem.textContent = text; problem.hidden = !text; } };

  form.addEventListener("submit", (event) => {
    event.preventDefault();
    button.disabled = true;
    button.textContent = say("Sending");
    void (async () => {
      try {
        const answer = await fetch(form.action, { method: "POST", body: new URLSearchParams(new FormData(form) as unknown as Record<string, string>), headers: { accept: "application/json" } });
        if (answer.ok) {
          const { kit: made } = await answer.json() as Taken;
          // Our own template, already escaped; parsed apart and put in place as nodes.
          const fresh = new DOMParser().parseFromString(made, "text/html").getElementById("kit");
          if (fresh) { kit.replaceWith(fresh); fresh.scrollIntoView({ block: "start" }); one<HTMLElement>(".button", fresh)?.focus({ preventScroll: true }); }
          return;
        }
        if (answer.status === 422) {
          const { problem: why, fields, stamp } = await answer.json() as Refused;
          const kept = form.elements.namedItem("stamp") as HTMLInputElement;
          kept.value = stamp;
          tell(why);
          for (const field of all<HTMLInputElement>("[name]", form)) {
            const wrong = fields[field.name] ?? "";
            const place = document.getElementById(`why-${field.name}`);
            if (place) place.textContent = wrong;
            if (wrong) field.setAttribute("aria-invalid", "true"); else field.removeAttribute("aria-invalid");
          }
          one<HTMLElement>("[aria-invalid]", form)?.focus();
          return;
        }
        const told = await answer.json().catch(() => null) as { detail?: string } | null;
        tell(told?.detail ?? say("It could not be sent. Check your connection and try again."));
      } catch {
        tell(say("It could not be sent. Check your connection and try again."));
      } finally {
        button.disabled = false;
        button.textContent = label;
      }
    })();
  });
};
