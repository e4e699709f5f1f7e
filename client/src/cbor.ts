/**
 * The part of deterministic CBOR (RFC 8949, 4.2) that messages use (docs/formats/message.md, Form): numbers, byte
 * strings, texts, lists, null. Every other encoding is refused.
 */
import { joined, utf8, type Bytes } from "./bytes.ts";

export class Malformed extends Error {
  constructor() {
    super("This was damaged on the way, or is not what it should be.");
  }
}

const kinds = { number: 0, bytes: 2, text: 3, list: 4 };
const none = 0xf6;

export const cborNumber = (value: number): Bytes => head(kinds.number, value);
export const cborBytes = (bytes: Uint8Array): Bytes => joined(head(kinds.bytes, bytes.length), bytes);
export const cborList = (...items: Uint8Array[]): Bytes => joined(head(kinds.list, items.length), ...items);
export const cborNull: Bytes = Uint8Array.of(none);

/** Half of a surrogate pair becomes U+FFFD: nothing a person wrote stands in the way of sending the rest. */
export function cborText(text: string): Bytes {
  const bytes = utf8(text);
  return joined(head(kinds.text, bytes.length), bytes);
}

function head(kind: number, value: number): Bytes {
  const size = value < 24 ? 0 : value < 0x100 ? 1 : value < 0x1_0000 ? 2 : value < 0x1_0000_0000 ? 4 : 8;
  const bytes = new Uint8Array(1 + size);
  bytes[0] = (kind << 5) | (size === 0 ? value : 24 + Math.log2(size));
  for (let i = size, rest = value; i > 0; i--, rest = Math.floor(rest / 256)) bytes[i] = rest % 256;
  return bytes;
}

/** Reads item by item; what it gives are views of what it was given. Every fault is Malformed. */
export class CborReader {
  private at = 0;

  constructor(private readonly encoded: Uint8Array) {}

  number(least: number, most: number): number {
    const value = this.head(kinds.number);
    if (value < least || value > most) throw new Malformed();
    return value;
  }

  /** How many items follow. */
  list(most: number): number {
    const items = this.head(kinds.list);
    if (items > most) throw new Malformed();
    return items;
  }

  listOf(items: number): void {
    if (this.head(kinds.list) !== items) throw new Malformed();
  }

  bytes(length?: number): Uint8Array {
    const bytes = this.take(this.head(kinds.bytes));
    if (length !== undefined && bytes.length !== length) throw new Malformed();
    return bytes;
  }

  text(most: number): string {
    const bytes = this.take(this.head(kinds.text));
    if (bytes.length > most) throw new Malformed();
    try {
      return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
    } catch {
      throw new Malformed();
    }
  }

  isNull(): boolean {
    if (this.encoded[this.at] !== none) return false;
    this.at++;
    return true;
  }

  end(): void {
    if (this.at !== this.encoded.length) throw new Malformed();
  }

  private head(kind: number): number {
    const first = this.take(1)[0]!;
    const info = first & 0x1f;
    if (first >> 5 !== kind || info > 27) throw new Malformed();
    if (info < 24) return info;
    const size = 1 << (info - 24);
    const value = this.take(size).reduce((sum, byte) => sum * 256 + byte, 0);
    // One value, one encoding: what fits into fewer bytes must stand in fewer.
    const least = size === 1 ? 24 : 2 ** (4 * size);
    if (value < least || value > Number.MAX_SAFE_INTEGER) throw new Malformed();
    return value;
  }

  private take(length: number): Uint8Array {
    if (length > this.encoded.length - this.at) throw new Malformed();
    const taken = this.encoded.subarray(this.at, this.at + length);
    this.at += length;
    return taken;
  }
}
