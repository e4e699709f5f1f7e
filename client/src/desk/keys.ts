/** The keys j and k walk over what is marked `data-row`, Enter opens its link, / searches, ? shows the list of keys. */
export function keys(): void {
  const help = document.getElementById("keys") as HTMLDialogElement | null;
  const hint = document.getElementById("keys-hint");
  if (hint) hint.hidden = false;
  addEventListener("keydown", (event) => {
    if (
      event.defaultPrevented ||
      event.ctrlKey ||
      event.altKey ||
      event.metaKey ||
      event.isComposing ||
      isTyping(event.target)
    )
      return;
    if (help?.open) return;
    const key = meant(event);
    if (key === "j") move(1);
    else if (key === "k") move(-1);
    else if (key === "/") search();
    else if (key === "?") help?.showModal?.();
    else return;
    event.preventDefault();
  });
}

/** The key as a Latin keyboard has it: on a Cyrillic one there is no j, and / and ? stand elsewhere. */
function meant(event: KeyboardEvent): string {
  if (event.code === "Slash" && (event.key === "." || event.key === ",")) return event.shiftKey ? "?" : "/";
  if (/^[\x20-\x7e]$/.test(event.key)) return event.key;
  return event.code === "KeyJ" ? "j" : event.code === "KeyK" ? "k" : event.key;
}

function isTyping(target: EventTarget | null): boolean {
  return (
    target instanceof HTMLElement && (target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName))
  );
}

/** The link of a row gets the focus, so that Enter opens it as it opens any link. */
function move(by: 1 | -1): void {
  const links = [...document.querySelectorAll<HTMLElement>("[data-row]")].map((row) =>
    row.matches("a") ? row : row.querySelector<HTMLElement>("a[href]"),
  );
  const open = links.filter((link): link is HTMLElement => link !== null);
  const at = open.findIndex((link) => link === document.activeElement);
  const next = at < 0 ? (by > 0 ? 0 : open.length - 1) : Math.min(open.length - 1, Math.max(0, at + by));
  open[next]?.focus();
}

function search(): void {
  document.querySelector<HTMLElement>("[data-search]")?.focus();
}
