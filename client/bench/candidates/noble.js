import { argon2id } from "@noble/hashes/argon2.js";
import { passes, memoryKiB, lanes, rootLength } from "../../src/argon2-parameters.ts";

export const prepare = async () => (password, salt) =>
  argon2id(password, salt, { t: passes, m: memoryKiB, p: lanes, dkLen: rootLength });
