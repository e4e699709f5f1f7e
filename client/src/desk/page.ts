/** Leads to the errors, where there are some; lets a sheet be printed. */
export function page(): void {
  document.getElementById("errors")?.focus();

  for (const place of document.querySelectorAll<HTMLElement>("[data-print]")) {
    place.hidden = false;
    place.addEventListener("click", () => window.print());
  }

  // Sent twice, a form would do twice what it does.
  for (const form of document.querySelectorAll<HTMLFormElement>("form[method=post]"))
    form.addEventListener("submit", (event) => {
      if (form.dataset["sent"] !== undefined) event.preventDefault();
      form.dataset["sent"] = "";
    });
  // Back from another page, it may be sent again.
  addEventListener("pageshow", () => {
    for (const form of document.querySelectorAll<HTMLFormElement>("form[data-sent]")) delete form.dataset["sent"];
  });
}
