/**
 * Stands in the bundle for @noble/curves/nist.js: a fifth of all the code, for recipients that the browser refuses
 * (seal.ts). The libraries want the curves' sizes while they load; whoever computed with one would get an error.
 */
const absent = (): never => {
  throw new Error("The NIST curves are not part of this bundle.");
};

const curve = {
  lengths: { secretKey: 32, publicKey: 33, publicKeyUncompressed: 65, seed: 48 },
  Point: { Fn: {}, fromBytes: absent },
  utils: { randomSecretKey: absent },
  keygen: absent,
  getPublicKey: absent,
  getSharedSecret: absent,
};

export { curve as p256, curve as p384 };
