import { argon2id } from "hash-wasm";
import { passes, memoryKiB, lanes, rootLength } from "../../src/argon2-parameters.ts";

export const prepare = async () => (password, salt) =>
  argon2id({
    password,
    salt,
    iterations: passes,
    memorySize: memoryKiB,
    parallelism: lanes,
    hashLength: rootLength,
    outputType: "binary",
  });
