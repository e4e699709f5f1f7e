import { readFileSync } from "node:fs";
import { join } from "node:path";
import { argon2id } from "@noble/hashes/argon2.js";
import type { Argon2 } from "../src/argon2.ts";
import { lanes, memoryKiB, passes, rootLength } from "../src/argon2-parameters.ts";
import { wordsOf } from "../src/receipt-bits.ts";
import type { WordList } from "../src/words.ts";

export const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString("hex");
export const unhex = (text: string): Uint8Array => new Uint8Array(Buffer.from(text, "hex"));

/** The same for the same seed, in every run: a test that fails today fails tomorrow. */
export function randomFrom(seed: number): (below: number) => number {
  let state = seed >>> 0;
  return (below) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}

export function randomBytes(length: number, seed: number): Uint8Array<ArrayBuffer> {
  const random = randomFrom(seed);
  return Uint8Array.from({ length }, () => random(256));
}

/** A receipt that is the same for the same seed; with `containing`, one in which a word has that letter, if there is. */
export function receiptOf(list: WordList, seed = 1, containing = ""): string[] | undefined {
  for (let attempt = 0; attempt < 500; attempt++) {
    const entropy = randomBytes(12, seed + 1_000 * attempt);
    entropy[11]! &= 0xe0;
    const words = wordsOf(entropy, list);
    if (words.join("").includes(containing)) return words;
  }
  return undefined;
}

export const nobleArgon2: Argon2 = async (password, salt) =>
  argon2id(password, salt, { t: passes, m: memoryKiB, p: lanes, dkLen: rootLength });

/** A file of docs/formats. Throws when it is not there: a test that is left out says nothing. */
export function vectors<T>(name: string): T {
  return JSON.parse(readFileSync(join(process.cwd(), "../docs/formats", name), "utf8")) as T;
}

export function streamOf(...chunks: Uint8Array[]): ReadableStream<Uint8Array> {
  return new ReadableStream({
    start(controller) {
      for (const chunk of chunks) controller.enqueue(chunk);
      controller.close();
    },
  });
}

export async function collected(stream: ReadableStream<Uint8Array>): Promise<Uint8Array> {
  return new Uint8Array(await new Response(stream as ReadableStream<Uint8Array<ArrayBuffer>>).arrayBuffer());
}

export const utf8 = (text: string): Uint8Array => new TextEncoder().encode(text);
