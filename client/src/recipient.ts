/** Which recipients are sealed to. */
import { bech32 } from "@scure/base";

const recipientLength = 1_216;

/** The part of an ML-KEM-768 key that holds coefficients: 768 of 12 bits, two in three bytes. */
const coefficientsLength = 1_152;
const modulus = 3_329;

/**
 * Throws for what is no post-quantum recipient.
 *
 * Why this is needed: the library also seals to classical recipients, of which a server could slip in one. And FIPS 203,
 * section 7.2, asks for a check that its ML-KEM leaves out: a key whose coefficients are not reduced was made by no
 * honest program.
 */
export function requireRecipient(recipient: string): void {
  const bytes = recipient.startsWith("age1pq1") ? bech32.decodeToBytes(recipient).bytes : undefined;
  if (bytes?.length !== recipientLength || !isReduced(bytes)) throw new Error("This is not a post-quantum recipient.");
}

function isReduced(key: Uint8Array): boolean {
  for (let i = 0; i < coefficientsLength; i += 3) {
    const middle = key[i + 1]!;
    const one = key[i]! | ((middle & 0x0f) << 8);
    const other = (middle >> 4) | (key[i + 2]! << 4);
    if (one >= modulus || other >= modulus) return false;
  }
  return true;
}
