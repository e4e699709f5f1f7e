/** What the person's side says to Intake and hears from it, as bytes (docs/formats/intake-protocol.md). Sends nothing itself. */
import { sha256 } from "@noble/hashes/sha2.js";
import { joined, type Bytes } from "./bytes.ts";
import { Malformed } from "./cbor.ts";
import { same } from "./message.ts";
import type { ReceiptKeys } from "./receipt.ts";
import { sealedMessageLength } from "./seal.ts";

const version = 1;
const requestIdLength = 16;
const lookUpIdLength = 16;
const hashLength = 32;
const headLength = 70;
const mostAnswers = 16;
const kinds = { message: 1, answer: 2, forget: 4 };
const sealedBeginning = "age-encryption.org/v1\n-> mlkem768x25519 ";
const messageContents = [511, 2_047, 8_191, 32_767, 131_071, 524_287];
const bookmarkContents = messageContents.slice(0, 2);
const longestFetched = 8 + 3_707 + mostAnswers * 4 + 2 * 1_048_576;

export interface Envelope {
  lookUpId: Uint8Array;
  /** Random, the same at each attempt to hand over the same envelope. */
  requestId: Uint8Array;
  sealed: Uint8Array;
}

export type IntakeErrorCode = "malformed" | "nothing-here" | "conflict" | "different" | "too-long" | "busy" | "gone";

export interface IntakeError {
  code: IntakeErrorCode;
  /** Seconds after which to try again; 0 when waiting does not help. */
  retryAfter: number;
}

export interface Fetched {
  more: boolean;
  /** Sealed; absent when Intake says that there is none. */
  bookmark?: Uint8Array;
  answers: Envelope[];
}

export const newRequestId = (): Uint8Array => crypto.getRandomValues(new Uint8Array(requestIdLength));

/**
 * A message and the bookmark that goes with it. `from` is the sealed bookmark that the chain was opened from, if any.
 * Keep the bytes: another attempt must send the same.
 */
export function submitRequest(
  keys: ReceiptKeys,
  sealed: Uint8Array,
  bookmark: Uint8Array,
  from?: Uint8Array,
  requestId = newRequestId(),
): Bytes {
  const envelope = writeEnvelope(kinds.message, { lookUpId: keys.lookUpId, requestId, sealed });
  return joined(Uint8Array.of(version), keys.bearer, expected(from), counted(bookmark), envelope);
}

/** Asks for the bookmark and the answers behind the one with this request id. */
export function fetchRequest(keys: ReceiptKeys, after: Uint8Array = new Uint8Array(requestIdLength)): Bytes {
  return joined(Uint8Array.of(version), keys.lookUpId, keys.bearer, after);
}

/** Says which answers were opened, by their request ids, and leaves the bookmark that goes with it. */
export function acknowledgeRequest(
  keys: ReceiptKeys,
  answers: readonly Uint8Array[],
  bookmark: Uint8Array,
  from?: Uint8Array,
): Bytes {
  if (answers.length > mostAnswers) throw new Error(`At most ${mostAnswers} answers are acknowledged at once.`);
  return joined(
    Uint8Array.of(version),
    keys.lookUpId,
    keys.bearer,
    expected(from),
    counted(bookmark),
    Uint8Array.of(answers.length),
    ...answers,
  );
}

export function forgetRequest(keys: ReceiptKeys, sealed: Uint8Array, requestId = newRequestId()): Bytes {
  const envelope = writeEnvelope(kinds.forget, { lookUpId: keys.lookUpId, requestId, sealed });
  return joined(Uint8Array.of(version), keys.bearer, envelope);
}

/** Throws Malformed: somebody else than Intake answered, or something is damaged. */
export function readFetched(body: Uint8Array): Fetched {
  if (body.length > longestFetched) throw new Malformed();
  const reader = new WireReader(body);
  const more = reader.number(1);
  const bookmark = reader.counted();
  const count = reader.number(2);
  if (more > 1 || count > mostAnswers) throw new Malformed();
  if (bookmark.length > 0 && !looksSealed(bookmark, bookmarkContents)) throw new Malformed();
  const answers = Array.from({ length: count }, () => readAnswer(reader.counted()));
  reader.end();
  return { more: more === 1, ...(bookmark.length > 0 && { bookmark }), answers };
}

/** The answer to what asks for nothing but to be done. Throws Malformed. */
export function readDone(body: Uint8Array): void {
  new WireReader(body).end();
}

const errors: [IntakeErrorCode, number][] = [
  ["malformed", 400],
  ["nothing-here", 404],
  ["conflict", 409],
  ["different", 409],
  ["too-long", 413],
  ["busy", 503],
  ["gone", 410],
];

/** The body of an error with this status. Throws Malformed when it is not one of Intake's. */
export function readIntakeError(body: Uint8Array, status: number): IntakeError {
  const reader = new WireReader(body);
  const known = errors[reader.number(1) - 1];
  const retryAfter = reader.number(4);
  reader.end();
  if (!known || known[1] !== status) throw new Malformed();
  return { code: known[0], retryAfter };
}

function writeEnvelope(kind: number, { lookUpId, requestId, sealed }: Envelope): Bytes {
  // Why this is safe: what a fault forgot to seal looks otherwise, and never leaves this device.
  if (!looksSealed(sealed, messageContents)) throw new Malformed();
  return joined(Uint8Array.of(version, kind), lookUpId, requestId, sha256(sealed), counted(sealed));
}

function readAnswer(encoded: Uint8Array): Envelope {
  if (encoded.length < headLength) throw new Malformed();
  const reader = new WireReader(encoded);
  const kind = reader.number(1);
  const lookUpId = reader.take(lookUpIdLength);
  const requestId = reader.take(requestIdLength);
  const hash = reader.take(hashLength);
  const sealed = reader.counted();
  reader.end();
  if (kind !== kinds.answer || !looksSealed(sealed, messageContents) || !same(hash, sha256(sealed)))
    throw new Malformed();
  return { lookUpId, requestId, sealed };
}

function looksSealed(bytes: Uint8Array, contents: number[]): boolean {
  const beginning = String.fromCharCode(...bytes.subarray(0, sealedBeginning.length));
  return beginning === sealedBeginning && contents.some((content) => sealedMessageLength(content) === bytes.length);
}

const expected = (bookmark?: Uint8Array): Uint8Array => (bookmark ? sha256(bookmark) : new Uint8Array(hashLength));

function counted(bytes: Uint8Array): Bytes {
  const length = new Uint8Array(4);
  new DataView(length.buffer).setUint32(0, bytes.length);
  return joined(length, bytes);
}

/** Reads fields at fixed places behind a version of 1; views of what it was given. Every fault is Malformed. */
class WireReader {
  private at = 0;

  constructor(private readonly body: Uint8Array) {
    if (this.number(1) !== version) throw new Malformed();
  }

  number(size: number): number {
    return this.take(size).reduce((sum, byte) => sum * 256 + byte, 0);
  }

  take(length: number): Uint8Array {
    if (length > this.body.length - this.at) throw new Malformed();
    const taken = this.body.subarray(this.at, this.at + length);
    this.at += length;
    return taken;
  }

  counted(): Uint8Array {
    return this.take(this.number(4));
  }

  end(): void {
    if (this.at !== this.body.length) throw new Malformed();
  }
}
