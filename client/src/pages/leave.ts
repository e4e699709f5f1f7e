/**
 * "Leave now" with scripts: what stands on the page goes first, and the page that comes takes its place in the history.
 * Without scripts the link leads to `/leave`, which does what a server can.
 */
const link = document.getElementById("leave");
const to = link?.dataset.to;

link?.addEventListener("click", (event) => {
  if (!to) return;
  event.preventDefault();
  for (const field of document.querySelectorAll("textarea")) field.value = "";
  document.body.textContent = "";
  location.replace(to);
});

// A page that the browser kept whole, to be shown again when somebody goes back, is loaded anew: empty.
addEventListener("pageshow", ({ persisted }) => {
  if (persisted) location.reload();
});
