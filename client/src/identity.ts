/** Post-quantum age identities and recipients, in the text that age tools read and as bytes. */
import { bech32 } from "@scure/base";
import { identityToRecipient } from "age-encryption";
import { Malformed } from "./cbor.ts";

const seedLength = 32;
const publicKeyLength = 1_216;
const latticeKeyLength = 1_184;

/**
 * `AGE-SECRET-KEY-PQ-1…`. A string cannot be overwritten: ask for it when it is needed and keep the seed instead.
 *
 * Why this is safe: an `mlkem768x25519` identity is by its definition a uniform seed of 32 bytes, from which both key
 * pairs are made; the seed of a receipt is uniform output of HKDF.
 */
export function identityText(seed: Uint8Array): string {
  if (seed.length !== seedLength) throw new Error("The seed of an identity has 32 bytes.");
  return bech32.encodeFromBytes("AGE-SECRET-KEY-PQ-", seed).toUpperCase();
}

/** `age1pq1…` */
export function recipientOf(seed: Uint8Array): Promise<string> {
  return identityToRecipient(identityText(seed));
}

/** The 1,216 bytes of `age1pq1…`. Throws an Error for anything else. */
export function publicKeyOf(recipient: string): Uint8Array {
  const { prefix, words } = bech32.decode<string>(recipient as `${string}1${string}`, false);
  const key = bech32.fromWords(words);
  if (prefix !== "age1pq" || key.length !== publicKeyLength) throw new Error("This is not a post-quantum recipient.");
  return key;
}

/** `age1pq1…` of 1,216 bytes. Throws Malformed for what is not an X-Wing public key. */
export function recipientText(publicKey: Uint8Array): string {
  if (publicKey.length !== publicKeyLength || !isReduced(publicKey.subarray(0, latticeKeyLength)))
    throw new Malformed();
  return bech32.encode("age1pq", bech32.toWords(publicKey), false);
}

/** Whether each coefficient of an ML-KEM-768 key is below 3,329 (FIPS 203, 7.2): 12 bits each, two in three bytes. */
function isReduced(key: Uint8Array): boolean {
  for (let at = 0; at < latticeKeyLength - 32; at += 3) {
    const low = key[at]! | ((key[at + 1]! & 0x0f) << 8);
    const high = (key[at + 1]! >> 4) | (key[at + 2]! << 4);
    if (low >= 3_329 || high >= 3_329) return false;
  }
  return true;
}
