const RETRY_AFTER_MS = 3_000;

/**
 * Listens for "something changed". A page with a part marked `data-refresh` has that part fetched anew; others show a notice
 * with a link. What changed is asked of the Desk like any page, and so nobody sees more than their keys open.
 */
export function live(): void {
  const ticket = document.body.dataset["listen"];
  const notice = document.getElementById("live");
  if (!ticket || !notice) return;
  const closed = new AbortController();
  const hear = (event: string): void => {
    if (event === "changed") void refresh(notice);
    if (event !== "ended") return;
    closed.abort();
    // The next page asks for the passphrase; what is typed here stays until then.
    if (!hasWords()) location.reload();
    else notice.hidden = false;
  };
  void listen(ticket, closed.signal, hear);
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
async function listen(ticket: string, closed: AbortSignal, hear: (event: string) => void): Promise<void> {
  while (!closed.aborted) {
    try {
      const answer = await fetch("/events", {
        credentials: "omit",
        headers: { "x-listen": ticket },
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

async function refresh(notice: HTMLElement): Promise<void> {
  const part = document.querySelector<HTMLElement>("[data-refresh]");
  if (!part || part.contains(document.activeElement)) {
    notice.hidden = false;
    return;
  }
  try {
    const answer = await fetch(location.href, {
      // Nobody is at the keyboard for this: it does not keep the session open.
      headers: { accept: "text/html", "x-unattended": "yes" },
      redirect: "error",
      cache: "no-store",
    });
    const fresh = answer.ok ? new DOMParser().parseFromString(await answer.text(), "text/html") : null;
    const next = fresh?.querySelector<HTMLElement>("[data-refresh]");
    if (next) part.replaceWith(document.adoptNode(next));
    else notice.hidden = false;
  } catch {
    notice.hidden = false;
  }
}

function hasWords(): boolean {
  return [...document.querySelectorAll("textarea")].some((area) => area.value !== area.defaultValue);
}
