/**
 * "Leave now" with scripts: what stands on the page goes first, and the page that comes takes its place in the history.
 * Without scripts the link leads to `/leave`, which does what a server can.
 */
const link = document.getElementById("leave");
const to = link?.dataset.to;

link?.addEventListener("click", (event) => {
  if (!to) return;
  event.preventDefault();
  empty();
  location.replace(to);
});

function empty(): void {
  for (const field of document.querySelectorAll("textarea")) field.value = "";
  document.body.textContent = "";
}

// A form that no script took over, in a browser that runs scripts: the one that seals was kept away, or is slow. It is held,
// and the page says what sending it plainly gives up; what was typed stays.
addEventListener("submit", (event) => {
  const held = document.querySelector<HTMLTemplateElement>('template[data-mode="blocked"]');
  if (event.defaultPrevented || !held) return;
  event.preventDefault();
  document.getElementById("mode")?.replaceWith(held.content.cloneNode(true));
  document.getElementById("anyway")?.addEventListener("click", () => (event.target as HTMLFormElement).submit());
  document.getElementById("mode")?.focus();
});

// However somebody goes: nothing stands on what the browser may keep.
addEventListener("pagehide", empty);

// A page that the browser kept whole, to be shown again when somebody goes back, is loaded anew: empty.
addEventListener("pageshow", ({ persisted }) => {
  if (persisted) location.reload();
});
