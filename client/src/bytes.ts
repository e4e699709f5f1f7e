/** Bytes that this code made itself: they lie in an ArrayBuffer of their own and can be handed to every browser API. */
export type Bytes = Uint8Array<ArrayBuffer>;

/** Streams are handed on in pieces of this length, so that nobody's memory holds a file. */
export const pieceLength = 65_536;

/**
 * Throws TypeError for everything else. A string or an ArrayBuffer has no `length` or another one than is meant, and
 * would be sealed as nothing: the person's words would be gone.
 */
export function requireBytes(value: unknown): asserts value is Uint8Array {
  if (!(value instanceof Uint8Array)) throw new TypeError("These are not bytes: a Uint8Array is needed.");
}

export const utf8 = (text: string): Bytes => new TextEncoder().encode(text);

export function joined(...parts: Uint8Array[]): Bytes {
  const whole = new Uint8Array(parts.reduce((length, part) => length + part.length, 0));
  let offset = 0;
  for (const part of parts) {
    whole.set(part, offset);
    offset += part.length;
  }
  return whole;
}

/**
 * Overwrites secrets that are no longer needed.
 *
 * What this cannot promise: a script engine may have moved or copied a buffer before, strings cannot be overwritten at
 * all, and a phone may have swapped either to its flash. It shortens the time in which a seized device holds a key; it
 * ends nothing.
 */
export function wipe(...secrets: Uint8Array[]): void {
  // One that was moved to a worker is empty here, and may not be filled.
  for (const secret of secrets) if (secret.length > 0) secret.fill(0);
}
