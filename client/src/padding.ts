/** Hides the size of what is sealed (docs/formats/padding.md): content || 0x80 || zeros, to one of few lengths. */
import { pieceLength, requireBytes, type Bytes } from "./bytes.ts";

const marker = 0x80;
const messageLengths = [512, 2_048, 8_192, 32_768, 131_072, 524_288];
const leastFile = 512;

/** The longest message that can be sealed. */
export const longestMessage = 524_288 - 1;

const longestFile = 2 ** 52 - 1;

export class MessageTooLong extends Error {
  constructor() {
    super(`A message has at most ${longestMessage} bytes.`);
  }
}

export class PaddingDamaged extends Error {
  constructor() {
    super("The padding is damaged.");
  }
}

/** Throws MessageTooLong. */
export function paddedMessageLength(content: number): number {
  const length = messageLengths.find((allowed) => allowed > content);
  if (length === undefined) throw new MessageTooLong();
  return length;
}

/** Throws RangeError for what is no length of a file. */
export function paddedFileLength(content: number): number {
  if (!Number.isInteger(content) || content < 0 || content > longestFile)
    throw new RangeError(`A file has 0 to ${longestFile} bytes.`);
  return padme(Math.max(content + 1, leastFile));
}

/** Padmé of the PURBs paper; all operations are exact below 2^53. */
function padme(length: number): number {
  const exponent = bitLength(length) - 1;
  const rounded = 2 ** (exponent - bitLength(exponent));
  return Math.ceil(length / rounded) * rounded;
}

// Not Math.log2: it says 48 for 2^48 - 1.
function bitLength(number: number): number {
  const upper = Math.floor(number / 2 ** 32);
  return upper > 0 ? 64 - Math.clz32(upper) : 32 - Math.clz32(number);
}

/** Throws MessageTooLong, or TypeError for what is not bytes. */
export function padMessage(content: Uint8Array): Bytes {
  requireBytes(content);
  const padded = new Uint8Array(paddedMessageLength(content.length));
  padded.set(content);
  padded[content.length] = marker;
  return padded;
}

/** A view of the content. Throws PaddingDamaged. */
export function unpadMessage<T extends ArrayBufferLike>(padded: Uint8Array<T>): Uint8Array<T> {
  const end = lastNonZero(padded);
  if (padded[end] !== marker || !messageLengths.includes(padded.length)) throw new PaddingDamaged();
  if (paddedMessageLength(end) !== padded.length) throw new PaddingDamaged();
  return padded.subarray(0, end);
}

/**
 * Pads a file as it passes; errors with TypeError for a chunk that is not bytes. Holds one chunk; hands on no more than
 * 64 KiB at a time, whatever it is given.
 */
export function padFile(): ReadableWritablePair<Uint8Array, Uint8Array> {
  return transformedBy(async function* (chunks) {
    let length = 0;
    for await (const chunk of chunks) {
      length += chunk.length;
      yield* pieces(chunk);
    }
    yield Uint8Array.of(marker);
    yield* zeros(paddedFileLength(length) - length - 1);
  });
}

/**
 * Takes the padding off a file as it passes, in constant memory: of a marker that may be the last one it keeps the count
 * of zeros after it. Errors with PaddingDamaged at the end: the reader must then throw away what it has.
 */
export function unpadFile(): ReadableWritablePair<Uint8Array, Uint8Array> {
  return transformedBy(async function* (chunks) {
    let content = 0;
    let withheld = 0; // the marker and the zeros after it
    for await (const chunk of chunks) {
      const end = lastNonZero(chunk);
      if (end < 0 && withheld > 0) {
        withheld += chunk.length;
        continue;
      }
      if (withheld > 0) {
        yield Uint8Array.of(marker);
        yield* zeros(withheld - 1);
      }
      const certain = chunk[end] === marker ? end : chunk.length;
      yield chunk.subarray(0, certain);
      content += withheld + certain;
      withheld = chunk.length - certain;
    }
    if (withheld === 0 || content + withheld !== paddedFileLength(content)) throw new PaddingDamaged();
  });
}

function lastNonZero(bytes: Uint8Array): number {
  let at = bytes.length - 1;
  while (at >= 0 && bytes[at] === 0) at--;
  return at;
}

function* pieces(chunk: Uint8Array): Generator<Uint8Array> {
  for (let from = 0; from < chunk.length; from += pieceLength) yield chunk.subarray(from, from + pieceLength);
}

function* zeros(count: number): Generator<Uint8Array> {
  for (let left = count; left > 0; left -= pieceLength) yield new Uint8Array(Math.min(left, pieceLength));
}

/**
 * A pair for `pipeThrough` whose work is a generator. Unlike a TransformStream it waits for the reader between two
 * pieces, so that a long run of zeros never lies in memory.
 */
function transformedBy(
  work: (chunks: AsyncIterable<Uint8Array>) => AsyncGenerator<Uint8Array>,
): ReadableWritablePair<Uint8Array, Uint8Array> {
  const input = new TransformStream<Uint8Array, Uint8Array>();
  const reader = input.readable.getReader();
  const output = work(chunksOf(reader));
  const readable = new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        for (;;) {
          const { done, value } = await output.next().catch(async (fault: unknown) => {
            await reader.cancel(fault).catch(() => undefined);
            throw fault;
          });
          if (done) return controller.close();
          if (value.length > 0) return controller.enqueue(value);
        }
      },
      cancel: (reason) => reader.cancel(reason),
    },
    { highWaterMark: 0 },
  );
  return { writable: input.writable, readable };
}

// Readable streams can be iterated by themselves only in newer browsers.
async function* chunksOf(reader: ReadableStreamDefaultReader<Uint8Array>): AsyncGenerator<Uint8Array> {
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return;
    requireBytes(value);
    yield value;
  }
}
