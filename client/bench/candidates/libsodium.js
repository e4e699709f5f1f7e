import sodium from "libsodium-wrappers-sumo";
import { passes, memoryKiB, rootLength } from "../../src/argon2-parameters.ts";

export const prepare = async () => {
  await sodium.ready;
  return (password, salt) =>
    sodium.crypto_pwhash(rootLength, password, salt, passes, memoryKiB * 1024, sodium.crypto_pwhash_ALG_ARGON2ID13);
};
