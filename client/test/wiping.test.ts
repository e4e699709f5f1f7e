import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { Encrypter } from "age-encryption";
import { argon2idPlain } from "../src/argon2-plain.ts";
import { recipientOf } from "../src/identity.ts";
import { deriveReceiptKeys } from "../src/receipt.ts";
import { CannotOpen, openAnswer, sealMessage } from "../src/seal.ts";
import { padMessage } from "../src/padding.ts";
import { loadWords } from "../src/words.ts";
import { hex, nobleArgon2, randomBytes, receiptOf, utf8 } from "./support.ts";

const instanceId = randomBytes(32, 42);
const isZero = (bytes: Uint8Array) => bytes.every((byte) => byte === 0);

/** Every Uint8Array that comes to be while `work` runs, by `new` or by `slice`. */
function madeIn<T>(work: () => T): { result: T; made: Uint8Array[] } {
  const made: Uint8Array[] = [];
  const noted = <A extends Uint8Array>(bytes: A): A => (made.push(bytes), bytes);
  const plain = globalThis.Uint8Array;
  const slice = plain.prototype.slice;
  plain.prototype.slice = function (...range) {
    return noted(slice.apply(this, range));
  };
  globalThis.Uint8Array = new Proxy(plain, {
    construct: (target, given) => noted(Reflect.construct(target, given) as Uint8Array),
  });
  try {
    return { result: work(), made };
  } finally {
    globalThis.Uint8Array = plain;
    plain.prototype.slice = slice;
  }
}

/** What was in the buffers that are overwritten while `work` runs. */
async function wipedIn(work: () => Promise<unknown>): Promise<string[]> {
  const wiped: string[] = [];
  const fill = Uint8Array.prototype.fill;
  Uint8Array.prototype.fill = function (value, ...range) {
    if (value === 0 && this.length > 0) wiped.push(hex(this));
    return fill.call(this, value, ...range);
  };
  try {
    await work();
  } finally {
    Uint8Array.prototype.fill = fill;
  }
  return wiped;
}

describe("a receipt's keys leave behind", () => {
  test("neither password nor root", async () => {
    const words = receiptOf(await loadWords("en"), 1)!;
    const seen: Uint8Array[] = [];
    await deriveReceiptKeys(words, instanceId, async (password, salt) => {
      const root = await nobleArgon2(password, salt);
      seen.push(password, root);
      return root;
    });
    assert.equal(seen.length, 2);
    assert.ok(seen.every(isZero));
  });

  test("no password when no worker runs, and no root when it is of another length", async () => {
    const words = receiptOf(await loadWords("en"), 1)!;
    const seen: Uint8Array[] = [];
    const fails = async (password: Uint8Array) => {
      seen.push(password);
      throw new Error("no worker");
    };
    await assert.rejects(deriveReceiptKeys(words, instanceId, fails), /no worker/);
    for (const length of [0, 31, 33, 64]) {
      const root = randomBytes(length, length);
      seen.push(root);
      await assert.rejects(
        deriveReceiptKeys(words, instanceId, async () => root),
        /32 bytes/,
      );
    }
    assert.ok(seen.every(isZero));
  });
});

test("plain Argon2id leaves nothing in the buffers that it made", () => {
  const cost = { passes: 2, memoryKiB: 64, length: 32 };
  const { result, made } = madeIn(() => argon2idPlain(utf8("nine words"), randomBytes(16, 1), cost));
  // The counts and lengths that go into the hashes are shorter; the result is the caller's.
  const secret = made.filter((bytes) => bytes.length >= 32 && bytes.buffer !== result.buffer);
  assert.ok(secret.length > 70, `only ${secret.length} buffers were seen`);
  assert.deepEqual(
    secret.filter((bytes) => !isZero(bytes)).map(({ length }) => length),
    [],
  );
});

describe("padded content is overwritten", () => {
  const olena = randomBytes(32, 1);
  const content = randomBytes(100, 2);
  const padded = hex(padMessage(content));

  test("when it was sealed and when it was opened", async () => {
    const toOlena = await recipientOf(olena);
    let sealed = new Uint8Array(0) as Uint8Array;
    assert.ok((await wipedIn(async () => (sealed = await sealMessage(content, toOlena)))).includes(padded));
    assert.ok((await wipedIn(() => openAnswer(sealed, olena))).includes(padded));
  });

  test("when its padding was damaged", async () => {
    const encrypter = new Encrypter();
    encrypter.addRecipient(await recipientOf(olena));
    const unpadded = randomBytes(512, 3);
    const sealed = await encrypter.encrypt(unpadded);
    const wiped = await wipedIn(() => assert.rejects(openAnswer(sealed, olena), CannotOpen));
    assert.ok(wiped.includes(hex(unpadded)));
  });
});
