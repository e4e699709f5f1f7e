import setup from "argon2id/lib/setup.js";
import simd from "argon2id/dist/simd.wasm";
import plain from "argon2id/dist/no-simd.wasm";
import { passes, memoryKiB, lanes, rootLength } from "../../src/argon2-parameters.ts";

export const prepare = async () => {
  const compute = await setup(
    (imports) => WebAssembly.instantiate(simd, imports),
    (imports) => WebAssembly.instantiate(plain, imports),
  );
  return (password, salt) =>
    compute({ password, salt, parallelism: lanes, passes, memorySize: memoryKiB, tagLength: rootLength });
};
