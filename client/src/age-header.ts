/** What an age header may cost. The library reads one of any length into memory and tries every stanza in it. */

/** A header with one stanza has 1,630 bytes. */
export const longestHeader = 16_384;

/** Each costs a decapsulation, during which the page stands still. An answer has one. */
const mostStanzas = 8;

export class HeaderRefused extends Error {
  constructor() {
    super("The header is too long.");
  }
}

/**
 * Reads a header, in pieces as they come, before the library does.
 *
 * Why this is safe: a line that begins with `--- ` is the last one of the library's header too, or makes it refuse the
 * file; and it takes no stanza of ours that does not begin like `stanzaStart`. So it never reads more than was counted.
 */
export class HeaderGuard {
  private length = 0;
  private line = "";
  private stanzas = 0;

  /** Whether the header ends in these bytes. Throws HeaderRefused as soon as there is too much of it. */
  endsIn(bytes: Uint8Array): boolean {
    for (const byte of bytes) {
      if (++this.length > longestHeader) throw new HeaderRefused();
      if (byte !== newLine) {
        this.line += String.fromCharCode(byte);
        continue;
      }
      if (this.line.startsWith("--- ")) return true;
      if (this.line.startsWith(stanzaStart) && ++this.stanzas > mostStanzas) throw new HeaderRefused();
      this.line = "";
    }
    return false;
  }
}

const newLine = 0x0a;
const stanzaStart = "-> mlkem768x25519";
