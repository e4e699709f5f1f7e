import scalar from "argon2id/dist/no-simd.wasm";
import simd from "argon2id/dist/simd.wasm";
import setUp from "argon2id/lib/setup.js";
import { lanes, memoryKiB, passes, rootLength } from "./argon2-parameters.ts";
import { answerEach } from "./argon2-worker.ts";
import { wipe } from "./bytes.ts";

const scratchKiB = 16;

answerEach(async (password, salt) => {
  let memory: WebAssembly.ImportValue | undefined;
  const compiled = (code: Uint8Array<ArrayBuffer>) => (imports: WebAssembly.Imports) => {
    memory = imports.env?.memory;
    return WebAssembly.instantiate(code, imports);
  };
  const argon2id = await setUp(compiled(simd), compiled(scalar));
  try {
    return argon2id({
      password,
      salt,
      passes,
      memorySize: memoryKiB,
      parallelism: lanes,
      tagLength: rootLength,
    });
  } finally {
    // The library leaves its blocks as they are. They begin after a few of scratch; the rest was never touched.
    if (memory instanceof WebAssembly.Memory) wipe(new Uint8Array(memory.buffer, 0, (memoryKiB + scratchKiB) * 1024));
  }
});
