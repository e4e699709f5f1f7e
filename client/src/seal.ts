/** Seals to one post-quantum age recipient and opens what was sealed to one's own identity. */
import { Decrypter, Encrypter } from "age-encryption";
import { wipe, type Bytes } from "./bytes.ts";
import { identityText } from "./identity.ts";
import { padFile, padMessage, paddedFileLength, paddedMessageLength, unpadFile, unpadMessage } from "./padding.ts";

/** Not sealed to this identity, damaged, or cut short: which of these it was is told to nobody. */
export class CannotOpen extends Error {
  constructor() {
    super("This cannot be opened with this receipt, or it was damaged on the way.");
  }
}

/**
 * One message, padded, as an age file. Throws MessageTooLong, or an Error for what is no post-quantum recipient.
 *
 * Why this is safe: age takes a fresh file key and a fresh nonce for each file and authenticates header and content.
 * The recipient is ML-KEM-768 and X25519 together, so that what is recorded today stays closed as long as one holds.
 */
export async function sealMessage(content: Uint8Array, recipient: string): Promise<Uint8Array> {
  const padded = padMessage(content);
  try {
    return await encrypterTo(recipient).encrypt(padded);
  } finally {
    wipe(padded);
  }
}

/**
 * A file, padded, as a stream of an age file. Reads ahead a few chunks at most, whatever the file's size. A source that
 * fails makes the stream fail: what was sent of it lacks its end and cannot be opened.
 */
export async function sealStream(
  source: Blob | ReadableStream<Uint8Array>,
  recipient: string,
): Promise<ReadableStream<Uint8Array>> {
  const stream = source instanceof Blob ? source.stream() : source;
  return encrypterTo(recipient).encrypt(stream.pipeThrough(padFile()));
}

/** The bytes of the age file that `sealStream` makes of so many bytes of content. */
export function sealedFileLength(content: number): number {
  return sealedLength(paddedFileLength(content));
}

/** The bytes of what `sealMessage` makes of so many bytes of content. Throws MessageTooLong. */
export function sealedMessageLength(content: number): number {
  return sealedLength(paddedMessageLength(content));
}

function sealedLength(padded: number): number {
  return headerLength + nonceLength + padded + tagLength * Math.ceil(padded / chunkLength);
}

// An age header with one mlkem768x25519 stanza: the version, the stanza's share and body, the MAC, each in its line.
const headerLength =
  "age-encryption.org/v1\n".length + "-> mlkem768x25519 \n".length + 1_494 + 44 + "--- \n".length + 43;
const nonceLength = 16;
const chunkLength = 65_536;
const tagLength = 16;

/** What a sealed message says. `identity` is the seed of 32 bytes. Throws CannotOpen. */
export async function openAnswer(sealed: Uint8Array, identity: Uint8Array): Promise<Bytes> {
  const decrypter = decrypterWith(identity);
  try {
    const padded = await decrypter.decrypt(sealed);
    const content = unpadMessage(padded).slice();
    wipe(padded);
    return content;
  } catch {
    throw new CannotOpen();
  }
}

/**
 * What a sealed file holds, as a stream. Nothing is handed on before it is verified, but only the end shows that all of
 * it is there: if the stream fails, with CannotOpen, throw away what came before.
 */
export async function openStream(
  sealed: Blob | ReadableStream<Uint8Array>,
  identity: Uint8Array,
): Promise<ReadableStream<Uint8Array>> {
  const stream = sealed instanceof Blob ? sealed.stream() : sealed;
  const decrypter = decrypterWith(identity);
  try {
    return withOneFault((await decrypter.decrypt(stream)).pipeThrough(unpadFile()));
  } catch {
    throw new CannotOpen();
  }
}

function withOneFault(source: ReadableStream<Uint8Array>): ReadableStream<Uint8Array> {
  const reader = source.getReader();
  return new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        const { done, value } = await reader.read().catch(() => {
          throw new CannotOpen();
        });
        if (done) controller.close();
        else controller.enqueue(value);
      },
      cancel: (reason) => reader.cancel(reason),
    },
    { highWaterMark: 0 },
  );
}

// A classical recipient would be accepted by the library; one that a server slipped in must not be.
function encrypterTo(recipient: string): Encrypter {
  if (!recipient.startsWith("age1pq1")) throw new Error("This is not a post-quantum recipient.");
  const encrypter = new Encrypter();
  encrypter.addRecipient(recipient);
  return encrypter;
}

function decrypterWith(seed: Uint8Array): Decrypter {
  const decrypter = new Decrypter();
  decrypter.addIdentity(identityText(seed));
  return decrypter;
}
