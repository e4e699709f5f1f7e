import assert from "node:assert/strict";
import { test } from "node:test";
import { bech32 } from "@scure/base";
import { p256, p384 } from "@noble/curves/nist.js";
import { MLKEM1024P384, MLKEM768P256 } from "@noble/post-quantum/hybrid.js";
import { recipientOf } from "../src/identity.ts";
import { longestMessage, padMessage, paddedFileLength } from "../src/padding.ts";
import { openAnswer, sealMessage, sealedFileLength } from "../src/seal.ts";
import { hex, randomBytes } from "./support.ts";

const olena = randomBytes(32, 1);
const toOlena = await recipientOf(olena);
const content = randomBytes(9, 2);

const recipientFrom = (bytes: Uint8Array) => bech32.encode("age1pq", bech32.toWords(bytes), false);

/** Olena's recipient with one of its 768 coefficients replaced. */
function withCoefficient(index: number, value: number): string {
  const { bytes } = bech32.decodeToBytes(toOlena);
  const at = 3 * (index >> 1);
  if (index % 2 === 0) {
    bytes[at] = value & 0xff;
    bytes[at + 1] = (bytes[at + 1]! & 0xf0) | (value >> 8);
  } else {
    bytes[at + 1] = (bytes[at + 1]! & 0x0f) | ((value & 0x0f) << 4);
    bytes[at + 2] = value >> 4;
  }
  return recipientFrom(bytes);
}

test("a recipient with a coefficient that is not reduced is refused, wherever it is", async () => {
  for (const index of [0, 1, 2, 255, 383, 766, 767]) {
    for (const value of [3_329, 3_330, 4_095])
      await assert.rejects(sealMessage(content, withCoefficient(index, value)), /not a post-quantum recipient/);
    await sealMessage(content, withCoefficient(index, 3_328));
  }
  assert.equal(hex(await openAnswer(await sealMessage(content, toOlena), olena)), hex(content));
});

test("a recipient of another length is refused", async () => {
  const { bytes } = bech32.decodeToBytes(toOlena);
  for (const wrong of [bytes.slice(1), new Uint8Array([...bytes, 0]), new Uint8Array(0)])
    await assert.rejects(sealMessage(content, recipientFrom(wrong)), /not a post-quantum recipient/);
});

test("what is not bytes is not sealed as nothing", async () => {
  for (const words of ["Help", new ArrayBuffer(9), [1, 2], new Uint16Array(9), undefined, { length: 3 }]) {
    assert.throws(() => padMessage(words as Uint8Array), TypeError);
    await assert.rejects(sealMessage(words as Uint8Array, toOlena), TypeError);
    await assert.rejects(openAnswer(words as Uint8Array, olena), TypeError);
  }
});

test("what is no length of a file has no padded length", () => {
  for (const length of [NaN, -1, -5, 0.5, 2 ** 52, 2 ** 53, Infinity, "9" as unknown as number]) {
    assert.throws(() => paddedFileLength(length), RangeError, String(length));
    assert.throws(() => sealedFileLength(length), RangeError, String(length));
  }
  assert.equal(paddedFileLength(2 ** 52 - 1), 2 ** 52);
  assert.equal(padMessage(new Uint8Array(longestMessage)).length, longestMessage + 1);
});

test("who computes with a curve that the bundle leaves out is told so", () => {
  for (const curve of [p256, p384])
    assert.throws(() => curve.getSharedSecret(new Uint8Array(48), new Uint8Array(97)), /not part of this bundle/);
  for (const kem of [MLKEM768P256, MLKEM1024P384]) {
    assert.throws(() => kem.keygen(), /not part of this bundle/);
    assert.throws(() => kem.encapsulate(new Uint8Array(kem.lengths.publicKey!)), /not part of this bundle/);
  }
});
