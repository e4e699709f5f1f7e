import assert from "node:assert/strict";
import { test } from "node:test";
import { argon2id as noble } from "@noble/hashes/argon2.js";
import setUp from "argon2id/lib/setup.js";
import scalar from "argon2id/dist/no-simd.wasm";
import simd from "argon2id/dist/simd.wasm";
import { lanes, memoryKiB, passes, rootLength } from "../src/argon2-parameters.ts";
import { argon2idPlain } from "../src/argon2-plain.ts";
import { hex, randomBytes, randomFrom } from "./support.ts";

const password = new TextEncoder().encode("nine words that nobody has");
const salt = new Uint8Array(16).fill(7);

test("the parameters are those of version 1", () => {
  assert.deepEqual(
    { passes, memoryKiB, lanes, rootLength },
    { passes: 2, memoryKiB: 19_456, lanes: 1, rootLength: 32 },
  );
});

test("plain script, compiled code and an independent library agree on a receipt's parameters", async () => {
  const expected = hex(noble(password, salt, { t: passes, m: memoryKiB, p: lanes, dkLen: rootLength }));
  assert.equal(hex(argon2idPlain(password, salt, { passes, memoryKiB, length: rootLength })), expected);
  for (const code of [simd, scalar]) {
    const load = (imports: WebAssembly.Imports) => WebAssembly.instantiate(code, imports);
    const compute = await setUp(load, load);
    const cost = { passes, memorySize: memoryKiB, parallelism: lanes, tagLength: rootLength };
    assert.equal(hex(compute({ password, salt, ...cost })), expected);
  }
});

test("plain script agrees with an independent library for other parameters and any bytes", () => {
  const random = randomFrom(5);
  for (let i = 0; i < 60; i++) {
    const cost = { passes: 1 + random(4), memoryKiB: 8 + random(700), length: 4 + random(61) };
    const word = randomBytes(random(200), i);
    const grain = randomBytes(8 + random(40), 100 + i);
    const expected = noble(word, grain, { t: cost.passes, m: cost.memoryKiB, p: 1, dkLen: cost.length });
    assert.equal(hex(argon2idPlain(word, grain, cost)), hex(expected), JSON.stringify(cost));
  }
});
