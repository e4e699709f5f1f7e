/** A post-quantum age identity from its seed, in the text that age tools read. */
import { bech32 } from "@scure/base";
import { identityToRecipient } from "age-encryption";

const seedLength = 32;

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
