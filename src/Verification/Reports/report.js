"use strict";
// The slider chooses a day: every place carries a letter for each, every outline the days for which it stands.
const slider = document.getElementById("day");
if (slider) {
  const days = slider.dataset.days.split("|");
  const names = { r: "ru", u: "ua", c: "contested", o: "not-ru", n: "none" };
  slider.addEventListener("input", () => {
    const at = Number(slider.value);
    document.getElementById("chosen").textContent = days[at];
    slider.setAttribute("aria-valuetext", days[at]);
    for (const place of document.querySelectorAll("[data-held]")) {
      place.classList.remove(...Object.values(names));
      place.classList.add(names[place.dataset.held[at]]);
    }
    for (const held of document.querySelectorAll("path[data-from]")) {
      held.classList.toggle("away", at < Number(held.dataset.from) || at > Number(held.dataset.until));
    }
  });
}
