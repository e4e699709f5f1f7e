/** The page as the server rendered it: templates, texts, and the places of its forms. */
import { languages, type Language } from "../languages.ts";

export const main = document.querySelector("main")!;

export const language = languages.find((known) => known === document.documentElement.lang) ?? ("en" satisfies Language);

const texts = new Map(
  Array.from(
    document.querySelector<HTMLTemplateElement>("#texts")?.content.querySelectorAll<HTMLElement>("[data-text]") ?? [],
    (text) => [text.dataset.text, text.textContent ?? ""],
  ),
);

/** A text of the page, its `{places}` filled. */
export function say(name: string, values: Record<string, string | number> = {}): string {
  return fill(texts.get(name) ?? "", values);
}

export function fill(text: string, values: Record<string, string | number>): string {
  return text.replace(/\{(\w+)\}/g, (place, name: string) => String(values[name] ?? place));
}

/** A copy of what a template holds. */
export function copyOf(selector: string, from: ParentNode = document): DocumentFragment {
  return from.querySelector<HTMLTemplateElement>(selector)!.content.cloneNode(true) as DocumentFragment;
}

/** Shows another screen in place of the page's text, from its beginning, with the focus on its heading. */
export function show(screen: DocumentFragment): void {
  for (const child of Array.from(main.childNodes)) {
    if (!(child instanceof HTMLTemplateElement)) child.remove();
  }
  main.prepend(screen);
  // Another language would begin from an empty page.
  document.querySelector(".languages")?.remove();
  scrollTo(0, 0);
  main.querySelector<HTMLElement>("h1")?.focus();
}

export function screen(name: string): DocumentFragment {
  return copyOf(`template[data-screen="${name}"]`);
}

export function part(name: string, from: ParentNode = main): HTMLElement | null {
  return from.querySelector<HTMLElement>(`[data-part="${name}"]`);
}

export function field(name: string): HTMLTextAreaElement {
  return document.getElementById(name) as HTMLTextAreaElement;
}

/** Takes the nine words into their places. */
export function fillNine(from: ParentNode, words: readonly string[]): void {
  from.querySelectorAll("[data-nine] li").forEach((place, i) => (place.textContent = words[i] ?? ""));
}

/** What a form says while it works. */
export function status(form: HTMLFormElement, text: string): void {
  const place = form.querySelector("[data-status]");
  if (place) place.textContent = text;
}

/** What is wrong with the form, as the server would show it: above, and at the field; the focus goes there. */
export function showFaults(faults: { field: string; sentence: string }[]): void {
  clearFaults();
  if (faults.length === 0) return;
  const summary = document.createElement("div");
  summary.className = "errors";
  summary.id = "errors";
  summary.tabIndex = -1;
  summary.setAttribute("role", "alert");
  const heading = document.createElement("h2");
  heading.textContent = say("summary");
  const list = document.createElement("ul");
  summary.append(heading, list);
  for (const { field: name, sentence } of faults) {
    const link = document.createElement("a");
    link.href = `#${name}`;
    link.textContent = sentence;
    link.addEventListener("click", (event) => {
      event.preventDefault();
      document.getElementById(name)?.focus();
    });
    const item = document.createElement("li");
    item.append(link);
    list.append(item);
    mark(name, sentence);
  }
  main.prepend(summary);
  document.title = `${say("error")}: ${say("title")}`;
  summary.focus();
}

export function clearFaults(): void {
  document.getElementById("errors")?.remove();
  document.title = say("title");
  for (const fault of Array.from(main.querySelectorAll(".fault"))) fault.remove();
  for (const marked of Array.from(main.querySelectorAll("[aria-invalid]"))) {
    marked.removeAttribute("aria-invalid");
    const described = marked.getAttribute("aria-describedby")?.replace(`${marked.id}-fault`, "").trim();
    if (described) marked.setAttribute("aria-describedby", described);
    else marked.removeAttribute("aria-describedby");
  }
}

function mark(name: string, sentence: string): void {
  const marked = document.getElementById(name);
  if (!marked?.parentElement?.classList.contains("field")) return;
  const text = document.createElement("p");
  const unseen = document.createElement("span");
  unseen.className = "unseen";
  unseen.textContent = `${say("error")}: `;
  text.append(unseen, sentence);
  const before = document.getElementById(`${name}-fault`);
  if (before) {
    before.append(text);
    return;
  }
  const place = document.createElement("div");
  place.className = "fault";
  place.id = `${name}-fault`;
  place.append(text);
  marked.before(place);
  marked.setAttribute("aria-invalid", "true");
  marked.setAttribute("aria-describedby", `${marked.getAttribute("aria-describedby") ?? ""} ${place.id}`.trim());
}
