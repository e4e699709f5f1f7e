/** The content of a message and its tag, as bytes (docs/formats/message.md). */
import { expand } from "@noble/hashes/hkdf.js";
import { hmac } from "@noble/hashes/hmac.js";
import { sha256 } from "@noble/hashes/sha2.js";
import { utf8, wipe, type Bytes } from "./bytes.ts";
import { cborBytes, cborList, cborNull, cborNumber, CborReader, cborText, Malformed } from "./cbor.ts";
import { languages, type Language } from "./languages.ts";

/** In bytes of UTF-8. */
export const longestWords = 520_000;
/** In bytes of UTF-8. */
export const longestSafely = 2_000;
export const highestSequence = 1_000_000;
export const hashLength = 32;
export const conversationLength = 16;
export const publicKeyLength = 1_216;

const version = 1;
const saltLength = 16;
const keyLength = 32;

export class TextTooLong extends Error {
  constructor(readonly most: number) {
    super(`This text is too long: at most ${most} bytes.`);
  }
}

/** not said, can wait, this week, today */
export type Urgency = 0 | 1 | 2 | 3;

export type Body =
  | {
      kind: "opening";
      key: Uint8Array;
      recipient: Uint8Array;
      language: Language;
      urgency: Urgency;
      words: string;
      safely: string;
    }
  | { kind: "words"; words: string }
  | { kind: "answer"; recipient: Uint8Array | undefined; words: string };

export interface Content {
  direction: "to-desk" | "to-person";
  conversation: Uint8Array;
  sequence: number;
  previous: Uint8Array;
  seen: number;
  seenHash: Uint8Array;
  lacking: number;
  salt: Uint8Array;
  body: Body;
}

const directions = ["to-desk", "to-person"] as const;
const bodyKinds = ["opening", "words", "answer"] as const;

/** Throws TextTooLong. */
export function writeContent(content: Content): Bytes {
  return cborList(
    cborNumber(version),
    cborNumber(directions.indexOf(content.direction) + 1),
    cborBytes(content.conversation),
    cborNumber(content.sequence),
    cborBytes(content.previous),
    cborNumber(content.seen),
    cborBytes(content.seenHash),
    cborNumber(content.lacking),
    cborBytes(content.salt),
    cborNumber(bodyKinds.indexOf(content.body.kind) + 1),
    writeBody(content.body),
  );
}

function writeBody(body: Body): Bytes {
  const words = boundedText(body.words, longestWords);
  if (body.kind === "words") return words;
  if (body.kind === "answer") return cborList(body.recipient ? cborBytes(body.recipient) : cborNull, words);
  return cborList(
    cborBytes(body.key),
    cborBytes(body.recipient),
    cborText(body.language),
    cborNumber(body.urgency),
    words,
    boundedText(body.safely, longestSafely),
  );
}

function boundedText(text: string, most: number): Bytes {
  if (utf8(text).length > most) throw new TextTooLong(most);
  return cborText(text);
}

/** Throws Malformed. */
export function readContent(encoded: Uint8Array): Content {
  const reader = new CborReader(encoded);
  reader.listOf(11);
  reader.number(version, version);
  const direction = directions[reader.number(1, 2) - 1]!;
  const conversation = reader.bytes(conversationLength).slice();
  const sequence = reader.number(1, highestSequence);
  const previous = reader.bytes(hashLength).slice();
  const seen = reader.number(0, highestSequence);
  const seenHash = reader.bytes(hashLength).slice();
  const lacking = reader.number(0, highestSequence);
  const salt = reader.bytes(saltLength).slice();
  const body = readBody(bodyKinds[reader.number(1, 3) - 1]!, reader);
  reader.end();
  const fits =
    (sequence > 1 || isZero(previous)) &&
    (seen > 0 || isZero(seenHash)) &&
    lacking <= seen &&
    direction === (body.kind === "answer" ? "to-person" : "to-desk") &&
    (body.kind === "answer" || (body.kind === "opening") === (sequence === 1)) &&
    (body.kind !== "opening" || seen === 0);
  if (!fits) throw new Malformed();
  return { direction, conversation, sequence, previous, seen, seenHash, lacking, salt, body };
}

function readBody(kind: Body["kind"], reader: CborReader): Body {
  if (kind === "words") return { kind, words: reader.text(longestWords) };
  if (kind === "answer") {
    reader.listOf(2);
    const recipient = reader.isNull() ? undefined : reader.bytes(publicKeyLength).slice();
    return { kind, recipient, words: reader.text(longestWords) };
  }
  reader.listOf(6);
  const key = reader.bytes(keyLength).slice();
  const recipient = reader.bytes(publicKeyLength).slice();
  const language = reader.text(2) as Language;
  if (!languages.includes(language)) throw new Malformed();
  const urgency = reader.number(0, 3) as Urgency;
  return {
    kind,
    key,
    recipient,
    language,
    urgency,
    words: reader.text(longestWords),
    safely: reader.text(longestSafely),
  };
}

export type Use = "to-desk" | "to-person" | "bookmark" | "forget";

/**
 * The tag that only the two sides can make, and both can.
 *
 * Why this is safe: K is uniform output of HKDF, so expanding it needs no extract step, and each use has a key of its
 * own: what is right for one direction or purpose is right for no other. It proves nothing to a third.
 */
export function tagOf(conversationKey: Uint8Array, use: Use, content: Uint8Array): Bytes {
  const key = expand(sha256, conversationKey, utf8(`understory/message/v1/${use}`), keyLength);
  const tag = hmac(sha256, key, content) as Bytes;
  wipe(key);
  return tag;
}

export const withTag = (content: Uint8Array, tag: Uint8Array): Bytes => cborList(cborBytes(content), cborBytes(tag));

/** Content and tag, as views. Throws Malformed. */
export function splitTag(message: Uint8Array): [Uint8Array, Uint8Array] {
  const reader = new CborReader(message);
  reader.listOf(2);
  const parts: [Uint8Array, Uint8Array] = [reader.bytes(), reader.bytes(hashLength)];
  reader.end();
  return parts;
}

/** Compares all of it, wherever it differs: the time tells nothing of where a forged tag began to be wrong. */
export function same(one: Uint8Array, other: Uint8Array): boolean {
  let difference = one.length ^ other.length;
  for (let i = 0; i < one.length; i++) difference |= one[i]! ^ (other[i] ?? 0);
  return difference === 0;
}

const isZero = (bytes: Uint8Array): boolean => bytes.every((byte) => byte === 0);
