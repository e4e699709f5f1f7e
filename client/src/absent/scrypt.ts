/** Stands in the bundle for @noble/hashes/scrypt.js: the browser seals to no passphrase and opens with none. */
export function scrypt(): never {
  throw new Error("scrypt is not part of this bundle.");
}
