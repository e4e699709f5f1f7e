/** Reads what somebody typed as a receipt, or says what is wrong with it (docs/formats/receipt.md, Reading). */
import type { Language } from "./languages.ts";
import { nearestWords } from "./nearest.ts";
import { belongTogether, receiptLength } from "./receipt-bits.ts";
import { clean, mostWords, partsOf, readingsOf, tokensOf } from "./typing.ts";
import type { WordList } from "./words.ts";

/** A token that is no word, or could be several. `position` counts words from 1. */
export interface Problem {
  position: number;
  typed: string;
  kind: "unknown" | "ambiguous";
  /** Computed when it is asked for, since the whole list is compared: a page shows the first few problems. */
  readonly nearest: string[];
}

export type ReceiptRead =
  | { ok: true; language: Language; words: string[] }
  | {
      ok: false;
      /**
       * What to say first: "words" some are none of the list; "count" all are, but there are not nine; "checksum" they
       * are nine and do not belong together; "language" it is a receipt in more than one language, so ask which.
       */
      fault: "count" | "words" | "checksum" | "language";
      /** The language in which it was read; absent when there are several. */
      language?: Language;
      /** How many words there are, known or not. */
      count: number;
      problems: Problem[];
    };

/** With one list: in that language. With several: in the one that fits, or else the one with most words read. */
export function readWith(lists: readonly WordList[], text: string): ReceiptRead {
  const tokens = tokensOf(text);
  const attempts = lists.map((list) => attempt(tokens, list));
  const right = attempts.filter(({ isReceipt }) => isReceipt);
  const [only, another] = right;
  if (only && !another) return { ok: true, language: only.list.language, words: only.words };
  if (only) return { ok: false, fault: "language", count: receiptLength, problems: [] };

  const best = attempts.reduce((a, b) => (b.words.length > a.words.length ? b : a));
  const problems = best.unread.map((token) => problemOf(token, best.list));
  const count = best.words.length + problems.length;
  const fault = problems.length > 0 ? "words" : count !== receiptLength ? "count" : "checksum";
  return { ok: false, fault, language: best.list.language, count, problems };
}

function problemOf({ position, typed, meant }: Unread, list: WordList): Problem {
  let nearest: string[] | undefined;
  return {
    position,
    typed,
    kind: meant.kind,
    get nearest() {
      return (nearest ??= meant.kind === "ambiguous" ? meant.fitting : nearestWords(meant.readings, list));
    },
  };
}

interface Unread {
  position: number;
  typed: string;
  meant: NotRead;
}

function attempt(tokens: readonly string[], list: WordList) {
  const words: string[] = [];
  const unread: Unread[] = [];
  for (const typed of tokens) {
    const room = mostWords - words.length - unread.length;
    if (room <= 0) break;
    const meant = meaning(typed, list);
    if (Array.isArray(meant)) words.push(...meant.slice(0, room));
    else unread.push({ position: words.length + unread.length + 1, typed, meant });
  }
  const isReceipt = unread.length === 0 && words.length === receiptLength && belongTogether(words, list);
  return { list, words, unread, isReceipt };
}

type NotRead = { kind: "ambiguous"; fitting: string[] } | { kind: "unknown"; readings: string[] };

/** The four steps of receipt.md, the first that gives an answer. */
function meaning(token: string, list: WordList): string[] | NotRead {
  const cleaned = clean(token);
  if (list.has(cleaned)) return [cleaned];

  const readings = readingsOf(token, list.language);
  const fitting = [...new Set(readings.filter((reading) => list.has(reading)))];
  if (fitting.length === 1) return fitting;
  if (fitting.length > 1) return { kind: "ambiguous", fitting };

  const parts = partsOf(cleaned);
  if (parts.every((part) => list.has(part))) return parts;
  return { kind: "unknown", readings: [cleaned, ...readings] };
}
