/** Trying the nine words: made here, checked here, sent nowhere. */
import { makeReceipt } from "../index.ts";
import { field, fillNine, language, main, screen, show } from "./dom.ts";
import { takeOver } from "./device.ts";
import { areTyped } from "./typed.ts";

export function practisePage(form: HTMLFormElement): void {
  // What the server made for a browser without scripts is of no use here.
  for (const hidden of Array.from(form.querySelectorAll("input[type=hidden]"))) hidden.remove();
  fillNine(main, []);
  const made = makeReceipt(language);
  made.then((words) => fillNine(main, words)).catch(() => undefined);
  takeOver(form, async () => {
    if (await areTyped("typed", field("typed").value, await made)) show(screen("practised"));
  });
}
