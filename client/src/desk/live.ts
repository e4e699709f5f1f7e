/**
 * Listens for "something changed". A page with a part marked `data-refresh` has that part fetched anew; others show a notice
 * with a link. What changed is asked of the Desk like any page, and so nobody sees more than their keys open.
 */
export function live(): void {
  const address = document.body.dataset["live"];
  const notice = document.getElementById("live");
  if (!address || !notice || !("EventSource" in window)) return;
  const source = new EventSource(address);
  source.addEventListener("changed", () => void refresh(notice));
  source.addEventListener("ended", () => {
    source.close();
    // The next page asks for the passphrase; what is typed here stays until then.
    if (!hasWords()) location.reload();
    else notice.hidden = false;
  });
  // Whoever signs out goes to another page already: loading this one anew would take its place.
  addEventListener("submit", ({ target }) => {
    if ((target as HTMLFormElement).method === "post") source.close();
  });
  addEventListener("pagehide", () => source.close());
  // Back again, by the browser's own memory of the page.
  addEventListener("pageshow", (event) => {
    if (event.persisted) location.reload();
  });
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
