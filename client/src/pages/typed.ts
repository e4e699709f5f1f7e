/** The nine words as somebody typed them, or sentences on what is wrong with them. */
import { readReceipt, type ReceiptRead } from "../index.ts";
import { language, say, showFaults } from "./dom.ts";

const mostProblems = 3;

/** The words; undefined when they are none, and the page says why. */
export async function typedWords(field: string, text: string): Promise<readonly string[] | undefined> {
  if (text.trim() === "") return refuse(field, [say("typed-empty")]);
  let read = await readReceipt(text);
  // Right in two languages: the page's own is meant.
  if (!read.ok && read.fault === "language") read = await readReceipt(text, language);
  return read.ok ? read.words : refuse(field, sentences(read));
}

/** Whether somebody typed the words that they were shown; the page says what is wrong. */
export async function areTyped(field: string, text: string, shown: readonly string[]): Promise<boolean> {
  const words = await typedWords(field, text);
  if (!words) return false;
  if (words.join(" ") === shown.join(" ")) return true;
  refuse(field, [say("typed-other")]);
  return false;
}

function sentences(read: Extract<ReceiptRead, { ok: false }>): string[] {
  if (read.fault === "count") return [say("typed-count", { n: read.count })];
  if (read.fault !== "words") return [say("typed-checksum")];
  return read.problems.slice(0, mostProblems).map(({ position: n, typed, nearest }) => {
    const name = nearest.length > 0 ? "typed-nearest" : "typed-unknown";
    return say(name, { n, typed, words: nearest.join(", ") });
  });
}

function refuse(field: string, sentences: string[]): undefined {
  showFaults(sentences.map((sentence) => ({ field, sentence })));
}
