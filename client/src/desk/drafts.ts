/**
 * Sends what is typed into a text area marked `data-draft` to that address of the Desk after a pause, with the form's token.
 * There it is kept as everything else is: sealed.
 */
const pause = 2_000;

export function draftAreas(): void {
  for (const area of document.querySelectorAll<HTMLTextAreaElement>("textarea[data-draft]"))
    watch(area, area.dataset["draft"]!);
}

function watch(area: HTMLTextAreaElement, address: string): void {
  const said = document.querySelector<HTMLElement>(`[data-draft-of="${CSS.escape(area.name)}"]`);
  let timer = 0;
  let sent = area.value;

  const send = async (): Promise<void> => {
    const text = area.value;
    // What is being sent is no draft any more.
    if (text === sent || area.form?.dataset["sent"] !== undefined) return;
    const form = new URLSearchParams({ [area.name]: text });
    const token = area.form?.querySelector<HTMLInputElement>("input[name=form-token]")?.value;
    if (token) form.set("form-token", token);
    try {
      const answer = await fetch(address, {
        method: "POST",
        body: form,
        redirect: "error",
        keepalive: text.length < 20_000,
      });
      // 204 and nothing else: a locked session answers with a page that asks for the passphrase.
      if (answer.status !== 204) throw new Error("refused");
      sent = text;
      say(said?.dataset["saved"]);
    } catch {
      say(said?.dataset["unsaved"]);
    }
  };
  const say = (what: string | undefined): void => {
    if (said && what) said.textContent = what;
  };

  area.addEventListener("input", () => {
    clearTimeout(timer);
    timer = window.setTimeout(() => void send(), pause);
  });
  // Leaving the page in the middle of a pause.
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState === "hidden") void send();
  });
}
