/** The words that somebody may have meant (docs/formats/receipt.md, Nearest). */
import type { WordList } from "./words.ts";

const far = 2;
const prefixLength = 4;
const shown = 3;

/** Longer than any slip makes a word; and nobody's machine is to compare a whole novel with a list. */
const longest = 24;

export function nearestWords(all: readonly string[], list: WordList): string[] {
  const readings = [...new Set(all)].filter((reading) => reading.length <= longest);
  const beginnings = new Set(readings.map((reading) => reading.slice(0, prefixLength)));
  const found: { word: string; distance: number }[] = [];
  for (const word of list.words) {
    // A word with the same beginning is offered however far it is; of others only the close ones matter.
    const limit = beginnings.has(word.slice(0, prefixLength)) ? Infinity : far;
    const distance = readings.reduce((least, reading) => Math.min(least, slips(reading, word, limit)), Infinity);
    if (distance <= limit) found.push({ word, distance });
  }
  // Sorting is stable: among equals the order of the list stays.
  found.sort((a, b) => a.distance - b.distance);
  return found.slice(0, shown).map(({ word }) => word);
}

/**
 * Optimal string alignment distance: letters changed, added, left out, neighbours swapped, none touched twice.
 * Beyond `limit` the answer is only Infinity: once a whole row is beyond it, no later one comes back. (A swap counts one
 * on the row before the last; that row is at most one better than the last.)
 */
export function slips(a: string, b: string, limit: number): number {
  if (Math.abs(a.length - b.length) > limit) return Infinity;
  let twoAbove: number[] = [];
  let above = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    let best = i;
    for (let j = 1; j <= b.length; j++) {
      const same = a[i - 1] === b[j - 1];
      let least = Math.min(above[j]! + 1, row[j - 1]! + 1, above[j - 1]! + (same ? 0 : 1));
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1])
        least = Math.min(least, twoAbove[j - 2]! + 1);
      row.push(least);
      best = Math.min(best, least);
    }
    if (best > limit) return Infinity;
    twoAbove = above;
    above = row;
  }
  const distance = above[b.length]!;
  return distance > limit ? Infinity : distance;
}
