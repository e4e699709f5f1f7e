/** Seals to one post-quantum age recipient and opens what was sealed to one's own identity. */
import { Decrypter, Encrypter } from "age-encryption";
import { HeaderGuard, longestHeader } from "./age-header.ts";
import { joined, requireBytes, wipe, type Bytes } from "./bytes.ts";
import { identityText } from "./identity.ts";
import {
  longestMessage,
  padFile,
  padMessage,
  paddedFileLength,
  paddedMessageLength,
  unpadFile,
  unpadMessage,
} from "./padding.ts";
import { requireRecipient } from "./recipient.ts";
import { Source } from "./source.ts";

/** Not sealed to this identity, damaged, or cut short: which of these it was is told to nobody. */
export class CannotOpen extends Error {
  constructor() {
    super("This cannot be opened with this receipt, or it was damaged on the way.");
  }
}

/**
 * One message, padded, as an age file. Throws MessageTooLong, TypeError for what is not bytes, or an Error for what is no
 * post-quantum recipient.
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
 * fails makes the stream fail: what was sent of it lacks its end and cannot be opened. The source is cancelled when the
 * recipient is refused, as it is when the stream is.
 */
export async function sealStream(
  source: Blob | ReadableStream<Uint8Array>,
  recipient: string,
): Promise<ReadableStream<Uint8Array>> {
  const stream = source instanceof Blob ? source.stream() : source;
  const padded = stream.pipeThrough(padFile());
  try {
    return await encrypterTo(recipient).encrypt(padded);
  } catch (fault) {
    padded.cancel(fault).catch(() => undefined);
    throw fault;
  }
}

/** The bytes of the age file that `sealStream` makes of so many bytes of content. Throws RangeError. */
export function sealedFileLength(content: number): number {
  return sealedLength(paddedFileLength(content));
}

/** The bytes of what `sealMessage` makes of so many bytes of content. Throws MessageTooLong. */
export function sealedMessageLength(content: number): number {
  return sealedLength(paddedMessageLength(content));
}

function sealedLength(padded: number): number {
  return headerLength + payloadLength(padded);
}

const payloadLength = (padded: number) => nonceLength + padded + tagLength * Math.ceil(padded / chunkLength);

// An age header with one mlkem768x25519 stanza: the version, the stanza's share and body, the MAC, each in its line.
const headerLength =
  "age-encryption.org/v1\n".length + "-> mlkem768x25519 \n".length + 1_494 + 44 + "--- \n".length + 43;
const nonceLength = 16;
const chunkLength = 65_536;
const tagLength = 16;

const longestAnswer = longestHeader + payloadLength(paddedMessageLength(longestMessage));

/** What a sealed message says. `identity` is the seed of 32 bytes. Throws CannotOpen. */
export async function openAnswer(sealed: Uint8Array, identity: Uint8Array): Promise<Bytes> {
  requireBytes(sealed);
  const decrypter = decrypterWith(identity);
  let padded: Uint8Array | undefined;
  try {
    if (sealed.length > longestAnswer || !new HeaderGuard().endsIn(sealed)) throw new CannotOpen();
    padded = await decrypter.decrypt(sealed);
    return unpadMessage(padded).slice();
  } catch {
    throw new CannotOpen();
  } finally {
    if (padded) wipe(padded);
  }
}

/**
 * What a sealed file holds, as a stream. Nothing is handed on before it is verified, but only the end shows that all of
 * it is there: if the stream fails, throw away what came before. It fails with CannotOpen, or with the source's own
 * fault, which says nothing about the file: it can be fetched again. The source is cancelled in either case.
 */
export async function openStream(
  sealed: Blob | ReadableStream<Uint8Array>,
  identity: Uint8Array,
): Promise<ReadableStream<Uint8Array>> {
  const decrypter = decrypterWith(identity);
  const source = new Source(sealed);
  try {
    const stream = source.streamAfter(await headerOf(source));
    return withOneFault((await decrypter.decrypt(stream)).pipeThrough(unpadFile()), source);
  } catch {
    const fault = source.faultOr(new CannotOpen());
    source.cancel(fault);
    throw fault;
  }
}

/** The pieces in which the header lies, in one: what is left of the last one follows it. */
async function headerOf(source: Source): Promise<Uint8Array> {
  const guard = new HeaderGuard();
  const pieces: Uint8Array[] = [];
  for (;;) {
    const piece = await source.next();
    if (!piece) throw new CannotOpen();
    pieces.push(piece);
    if (guard.endsIn(piece)) return joined(...pieces);
  }
}

function withOneFault(opened: ReadableStream<Uint8Array>, source: Source): ReadableStream<Uint8Array> {
  const reader = opened.getReader();
  return new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        const { done, value } = await reader.read().catch(() => {
          const fault = source.faultOr(new CannotOpen());
          source.cancel(fault);
          throw fault;
        });
        if (done) controller.close();
        else controller.enqueue(value);
      },
      cancel(reason) {
        source.cancel(reason);
        return reader.cancel(reason);
      },
    },
    { highWaterMark: 0 },
  );
}

function encrypterTo(recipient: string): Encrypter {
  requireRecipient(recipient);
  const encrypter = new Encrypter();
  encrypter.addRecipient(recipient);
  return encrypter;
}

function decrypterWith(seed: Uint8Array): Decrypter {
  const decrypter = new Decrypter();
  decrypter.addIdentity(identityText(seed));
  return decrypter;
}
