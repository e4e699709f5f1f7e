const RETRY_AFTER_MS = 3_000;

/**
 * Listens for "something changed". A page with parts marked `data-refresh` has those fetched anew; others show a notice with a
 * link, as does a page whose `data-version` is another one meanwhile. What changed is asked of the Desk like any page, and so nobody sees more than their keys open.
 */
export function live(): void {
  const ticket = document.body.dataset["listen"];
  // The page of a case: as long as it listens, its reader is there for the others.
  const here = document.body.dataset["here"];
  const notice = document.getElementById("live");
  if (!ticket || !notice) return;
  const closed = new AbortController();
  const hear = (event: string): void => {
    if (event === "changed") void refreshOnce(notice);
    if (event !== "ended") return;
    closed.abort();
    // The next page asks for the passphrase; what is typed here stays until then.
    if (!hasWords()) location.reload();
    else notice.hidden = false;
  };
  void listen(here ? { "x-listen": ticket, "x-here": here } : { "x-listen": ticket }, closed.signal, hear);
  // Whoever signs out goes to another page already: loading this one anew would take its place.
  addEventListener("submit", ({ target }) => {
    if ((target as HTMLFormElement).method === "post") closed.abort();
  });
  addEventListener("pagehide", () => closed.abort());
  // Back again, by the browser's own memory of the page.
  addEventListener("pageshow", (event) => {
    if (event.persisted) location.reload();
  });
}

/**
 * Reads the stream, and asks for it again when the line broke. Not by EventSource: that would send the session's cookie, which
 * would then lie in the Desk's memory for as long as this page is open.
 */
async function listen(
  headers: Record<string, string>,
  closed: AbortSignal,
  hear: (event: string) => void,
): Promise<void> {
  while (!closed.aborted) {
    try {
      const answer = await fetch("/events", {
        credentials: "omit",
        headers,
        cache: "no-store",
        signal: closed,
      });
      if (answer.status !== 200 || !answer.body) return;
      const reader = answer.body.pipeThrough(new TextDecoderStream()).getReader();
      let rest = "";
      for (let part = await reader.read(); !part.done; part = await reader.read()) {
        const lines = (rest + part.value).split("\n");
        rest = lines.pop() ?? "";
        for (const line of lines) if (line.startsWith("event: ")) hear(line.slice(7));
      }
    } catch {
      // The line broke, or the page goes away.
    }
    await new Promise((resolve) => setTimeout(resolve, RETRY_AFTER_MS));
  }
}

let running = false;
let again = false;

/** However often it is said while a page is being fetched, it is fetched once more. */
async function refreshOnce(notice: HTMLElement): Promise<void> {
  again = true;
  if (running) return;
  running = true;
  while (again) {
    again = false;
    await refresh(notice);
  }
  running = false;
}

async function refresh(notice: HTMLElement): Promise<void> {
  const parts = [...document.querySelectorAll<HTMLElement>("[data-refresh]")];
  // Where this page is found: the answer to a form is not at the address that the form has.
  const address = notice.querySelector("a")?.href ?? location.href;
  try {
    if (parts.length === 0) throw new Error("nothing to refresh");
    const answer = await fetch(address, {
      // Nobody is at the keyboard for this: it does not keep the session open.
      headers: { accept: "text/html", "x-unattended": "yes" },
      redirect: "error",
      cache: "no-store",
    });
    if (!answer.ok) throw new Error("refused");
    const fresh = new DOMParser().parseFromString(await answer.text(), "text/html");
    if (versionOf(fresh) !== versionOf(document)) notice.hidden = false;
    for (const part of parts) {
      const next = fresh.querySelector<HTMLElement>(`[data-refresh="${CSS.escape(part.dataset["refresh"]!)}"]`);
      if (!next || part.contains(document.activeElement)) notice.hidden = false;
      // What is as it was is not read out again.
      else if (part.innerHTML !== next.innerHTML) part.replaceChildren(...next.childNodes);
    }
  } catch {
    notice.hidden = false;
  }
}

const versionOf = (page: Document): string | undefined =>
  page.querySelector<HTMLElement>("[data-version]")?.dataset["version"];

function hasWords(): boolean {
  return [...document.querySelectorAll("textarea")].some((area) => area.value !== area.defaultValue);
}
