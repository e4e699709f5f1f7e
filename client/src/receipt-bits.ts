/** Nine words and the 99 bits they stand for (docs/formats/receipt.md, Bits). */
import { sha256 } from "@noble/hashes/sha2.js";
import { joined, utf8, wipe, type Bytes } from "./bytes.ts";
import type { Language } from "./languages.ts";
import type { WordList } from "./words.ts";

export const receiptLength = 9;
const entropyBits = 91;
const entropyBytes = 12;
const wordBits = 11;

/**
 * Why this is safe: the words come from the system's generator and never from a person's choice, so nobody who knows
 * the person can guess them, and 2^91 trials are out of anybody's reach.
 */
export function freshEntropy(): Bytes {
  const entropy = crypto.getRandomValues(new Uint8Array(entropyBytes));
  clearSpareBits(entropy);
  return entropy;
}

export function wordsOf(entropy: Uint8Array, list: WordList): string[] {
  const bits = joined(entropy, new Uint8Array(1));
  write(bits, entropyBits, 8, checkOf(entropy, list.language));
  const words = Array.from({ length: receiptLength }, (_, i) => list.words[read(bits, i * wordBits, wordBits)]!);
  wipe(bits);
  return words;
}

/** Whether nine words of the list are a receipt; a wrong word among them passes once in 256 times. */
export function belongTogether(words: readonly string[], list: WordList): boolean {
  const bits = new Uint8Array(entropyBytes + 1);
  for (const [position, word] of words.entries()) {
    const index = list.indexOf(word);
    if (index === undefined) return false;
    write(bits, position * wordBits, wordBits, index);
  }
  const check = read(bits, entropyBits, 8);
  const entropy = bits.slice(0, entropyBytes);
  clearSpareBits(entropy);
  const right = words.length === receiptLength && check === checkOf(entropy, list.language);
  wipe(bits, entropy);
  return right;
}

function checkOf(entropy: Uint8Array, language: Language): number {
  return sha256(joined(utf8(`understory/receipt/v1/check\0${language}\0`), entropy))[0]!;
}

function clearSpareBits(entropy: Uint8Array): void {
  entropy[entropyBytes - 1]! &= 0xff << (8 * entropyBytes - entropyBits);
}

function read(bits: Uint8Array, from: number, length: number): number {
  let number = 0;
  for (let i = from; i < from + length; i++) number = (number << 1) | ((bits[i >> 3]! >> (7 - (i & 7))) & 1);
  return number;
}

function write(bits: Uint8Array, from: number, length: number, number: number): void {
  for (let i = 0; i < length; i++) {
    const at = from + i;
    const mask = 0x80 >> (at & 7);
    if ((number >> (length - 1 - i)) & 1) bits[at >> 3]! |= mask;
    else bits[at >> 3]! &= ~mask;
  }
}
