/** Leads to the errors, where there are some; shows what is typed; prints a sheet; sends each form once. */
export function page(): void {
  document.getElementById("errors")?.focus();

  for (const place of document.querySelectorAll<HTMLElement>("[data-print]")) {
    place.hidden = false;
    place.addEventListener("click", () => window.print());
  }

  for (const control of document.querySelectorAll<HTMLButtonElement>("button[data-reveal]")) {
    const field = document.getElementById(control.dataset["reveal"]!) as HTMLInputElement;
    control.hidden = false;
    control.addEventListener("click", () => {
      field.type = field.type === "password" ? "text" : "password";
      [control.textContent, control.dataset["other"]] = [control.dataset["other"] ?? "", control.textContent ?? ""];
    });
    // What browsers remember of text fields they must not remember of this one.
    field.form?.addEventListener("submit", () => (field.type = "password"));
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
