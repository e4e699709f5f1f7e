/**
 * Takes over from the plain form: from the moment this runs, nothing goes to the server unsealed. Only when the inbox
 * key was checked from the instance id on can anything be sent at all; until then, and if it is refused, nothing is.
 */
import { dayOf, InboxKeyRefused, verifyInboxKey } from "../index.ts";
import { clearFaults, copyOf, main, say, showFaults, status } from "./dom.ts";
import { ask, Refused } from "./server.ts";

export const instanceId = Uint8Array.from(main.dataset.instance?.match(/../g) ?? [], (pair) => parseInt(pair, 16));

type Mode = "preparing" | "device" | "refused" | "clock" | "unreachable";

let inbox: Promise<string> | undefined;

/** The checked recipient. Rejects when there is none to be had; the page says why. A line that broke is tried again. */
export const checkedInbox = (): Promise<string> => (inbox ??= fetchInbox());

/** Fetches and checks the inbox key, and says on the page where words are sealed. */
export function prepare(): void {
  showMode("preparing");
  checkedInbox().catch(() => undefined);
}

function fetchInbox(): Promise<string> {
  const fetched = ask("/v1/inbox-key").then((statement) => verifyInboxKey(statement, instanceId, dayOf(Date.now())));
  fetched.then(
    () => showMode("device"),
    (fault: unknown) => {
      showMode(modeOf(fault));
      if (fault instanceof Refused) inbox = undefined;
    },
  );
  return fetched;
}

function modeOf(fault: unknown): Mode {
  if (!(fault instanceof InboxKeyRefused)) return "unreachable";
  return fault.fault === "not-yet-valid" || fault.fault === "expired" ? "clock" : "refused";
}

function showMode(mode: Mode): void {
  document.getElementById("mode")?.replaceWith(copyOf(`template[data-mode="${mode}"]`));
}

/** Does what a form asks for on this device, and never by a plain request; one attempt at a time. */
export function takeOver(form: HTMLFormElement, does: () => Promise<void>): void {
  let works = false;
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    if (works) return;
    works = true;
    const button = form.querySelector("button");
    button?.setAttribute("aria-disabled", "true");
    clearFaults();
    status(form, say("working"));
    does()
      .catch((fault: unknown) => showFaults([{ field: firstField(form), sentence: sentenceOf(fault) }]))
      .finally(() => {
        works = false;
        button?.removeAttribute("aria-disabled");
        status(form, "");
      });
  });
}

const firstField = (form: HTMLFormElement): string => form.querySelector("textarea")?.id ?? "main";

function sentenceOf(fault: unknown): string {
  if (!(fault instanceof Refused)) return say(fault instanceof InboxKeyRefused ? "strange" : "fault");
  switch (fault.code) {
    case "unreachable":
    case "busy":
    case "nothing-here":
      return say(fault.code);
    default:
      return say("strange");
  }
}
