/** Bytes that this code made itself: they lie in an ArrayBuffer of their own and can be handed to every browser API. */
export type Bytes = Uint8Array<ArrayBuffer>;

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
  for (const secret of secrets) secret.fill(0);
}
