import setup from "argon2id/lib/setup.js";
import plain from "argon2id/dist/no-simd.wasm";
import { passes, memoryKiB, lanes, rootLength } from "../../src/argon2-parameters.ts";

export const prepare = async () => {
  const scalar = (imports) => WebAssembly.instantiate(plain, imports);
  const compute = await setup(scalar, scalar);
  return (password, salt) =>
    compute({ password, salt, parallelism: lanes, passes, memorySize: memoryKiB, tagLength: rootLength });
};
