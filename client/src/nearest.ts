/** The words that somebody may have meant (docs/formats/receipt.md, Nearest). */
import type { WordList } from "./words.ts";

const far = 2;
const prefixLength = 4;
const shown = 3;

/** Longer than any slip makes a word; and nobody's machine is to compare a whole novel with a list. */
const longest = 24;

export function nearestWords(all: readonly string[], list: WordList): string[] {
  const readings = all.filter((reading) => reading.length <= longest);
  const found: { word: string; distance: number }[] = [];
  for (const word of list.words) {
    const close = Math.min(...readings.map((reading) => slips(reading, word, far)));
    if (close <= far) {
      found.push({ word, distance: close });
    } else if (readings.some((reading) => reading.slice(0, prefixLength) === word.slice(0, prefixLength))) {
      found.push({ word, distance: Math.min(...readings.map((reading) => slips(reading, word, Infinity))) });
    }
  }
  // Sorting is stable: among equals the order of the list stays.
  found.sort((a, b) => a.distance - b.distance);
  return found.slice(0, shown).map(({ word }) => word);
}

/**
 * Optimal string alignment distance: letters changed, added, left out, neighbours swapped, none touched twice.
 * Beyond `limit` the answer is only "more than that".
 */
export function slips(a: string, b: string, limit: number): number {
  if (Math.abs(a.length - b.length) > limit) return Infinity;
  let twoAbove: number[] = [];
  let above = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const same = a[i - 1] === b[j - 1];
      let least = Math.min(above[j]! + 1, row[j - 1]! + 1, above[j - 1]! + (same ? 0 : 1));
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1])
        least = Math.min(least, twoAbove[j - 2]! + 1);
      row.push(least);
    }
    twoAbove = above;
    above = row;
  }
  return above[b.length]!;
}
