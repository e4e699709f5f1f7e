/**
 * Stands in the bundle for @noble/curves/nist.js: a fifth of all the code, for recipients that the browser refuses
 * (recipient.ts). The libraries want the curves' sizes while they load; whoever computes with one gets an error.
 */
const absent = (): never => {
  throw new Error("The NIST curves are not part of this bundle.");
};

const curve = (lengths: Record<"secretKey" | "publicKey" | "publicKeyUncompressed" | "seed", number>) => ({
  lengths,
  Point: { Fn: { create: absent, fromBytes: absent, toBytes: absent, isValidNot0: absent }, fromBytes: absent },
  utils: { randomSecretKey: absent },
  keygen: absent,
  getPublicKey: absent,
  getSharedSecret: absent,
});

export const p256 = curve({ secretKey: 32, publicKey: 33, publicKeyUncompressed: 65, seed: 48 });
export const p384 = curve({ secretKey: 48, publicKey: 49, publicKeyUncompressed: 97, seed: 72 });
