/** What somebody types may be long or strange: it is read alike everywhere, and never for long. */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { nearestWords, slips } from "../src/nearest.ts";
import { deriveReceiptKeys, makeReceipt, readReceipt } from "../src/receipt.ts";
import type { Language } from "../src/languages.ts";
import { clean, readingsOf } from "../src/typing.ts";
import { loadWords } from "../src/words.ts";
import { nobleArgon2, randomBytes, randomFrom, receiptOf } from "./support.ts";

describe("limits", () => {
  test("of a text the first 4,096 code units are read", async () => {
    const words = receiptOf(await loadWords("uk"), 1)!;
    const text = words.join(" ");
    assert.ok((await readReceipt(" ".repeat(4_096 - text.length) + text, "uk")).ok);
    assert.ok(!(await readReceipt(" ".repeat(4_097 - text.length) + text, "uk")).ok);
  });

  test("of these the first 64 words are read, apart or joined", async () => {
    for (const between of [" ", ","]) {
      const read = await readReceipt(Array(70).fill("river").join(between), "en");
      assert.ok(!read.ok);
      assert.equal(read.count, 64);
    }
    const read = await readReceipt(Array(70).fill("qqqq").join(" "), "en");
    assert.ok(!read.ok);
    assert.deepEqual([read.count, read.problems.length], [64, 64]);
  });

  test("nothing is near to more than 24 letters", async () => {
    const list = await loadWords("en");
    const word = list.words[0]!;
    assert.deepEqual(nearestWords([word + "q".repeat(24 - word.length)], list), [word]);
    assert.deepEqual(nearestWords([word + "q".repeat(25 - word.length)], list), []);
  });

  test("a long run of what is no letter costs no more than its length", () => {
    const started = performance.now();
    for (const strange of [".", "\u0301", "1"]) clean("a" + strange.repeat(300_000) + "a");
    const text = "a" + ".".repeat(300_000) + "a";
    assert.ok(readingsOf(text, "ru").every((reading) => reading.length > 300_000));
    assert.ok(performance.now() - started < 5_000);
  });

  test("what is near is looked for when it is asked for, once", async () => {
    const read = await readReceipt("abacuss ability", "en");
    assert.ok(!read.ok);
    const [problem] = read.problems;
    assert.ok(Object.getOwnPropertyDescriptor(problem, "nearest")?.get, "it was computed before");
    assert.equal(problem!.nearest[0], "abacus");
    assert.equal(problem!.nearest, problem!.nearest);
    assert.deepEqual(JSON.parse(JSON.stringify(problem)), structuredClone(problem));
  });
});

describe("distance", () => {
  /** The definition, with every row to its end. */
  function whole(a: string, b: string): number {
    const d = Array.from({ length: a.length + 1 }, (_, i) => [i, ...Array<number>(b.length).fill(0)]);
    for (let j = 1; j <= b.length; j++) d[0]![j] = j;
    for (let i = 1; i <= a.length; i++)
      for (let j = 1; j <= b.length; j++) {
        const change = d[i - 1]![j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1);
        d[i]![j] = Math.min(change, d[i - 1]![j]! + 1, d[i]![j - 1]! + 1);
        if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1])
          d[i]![j] = Math.min(d[i]![j]!, d[i - 2]![j - 2]! + 1);
      }
    return d[a.length]![b.length]!;
  }

  test("is the whole one up to its limit, and Infinity beyond", () => {
    const random = randomFrom(9);
    const word = () => Array.from({ length: random(9) }, () => "abc"[random(3)]).join("");
    for (let i = 0; i < 20_000; i++) {
      const [a, b] = [word(), word()];
      const expected = whole(a, b);
      assert.equal(slips(a, b, Infinity), expected, `${a} ${b}`);
      for (const limit of [0, 1, 2, 3])
        assert.equal(slips(a, b, limit), expected <= limit ? expected : Infinity, `${a} ${b} ${limit}`);
    }
  });
});

describe("letters", () => {
  test("are those of the format: no others that a capital letter resembles", async () => {
    for (const strange of ["\u1c80", "\u1c81", "\u1c82", "\u1c83", "\u017f", "\u212a", "ѐ", "ѝ", "Ѐ"]) {
      assert.equal(clean(`${strange}яблоко${strange}`), "яблоко", strange);
      const words = receiptOf(await loadWords("ru"), 5)!;
      const typed = words.map((word, i) => (i === 2 ? word + strange : word)).join(" ");
      assert.deepEqual(await readReceipt(typed, "ru"), { ok: true, language: "ru", words });
    }
    assert.equal(clean("ÉЇжакé"), "їжак");
    assert.ok(readingsOf("1ZX9", "ru").includes("яч"), "capitals are letters as well");
  });
});

describe("what cannot be a receipt", () => {
  const instanceId = randomBytes(32, 42);

  test("has no keys: other than nine words", async () => {
    const words = receiptOf(await loadWords("en"), 1)!;
    for (const some of [[], ["a", "b"], words.slice(1), [...words, words[0]!]])
      await assert.rejects(deriveReceiptKeys(some, instanceId, nobleArgon2), RangeError);
  });

  test("a language without a list is named", async () => {
    for (const language of ["de", "toString", "__proto__"] as unknown as Language[]) {
      await assert.rejects(makeReceipt(language), { name: "RangeError", message: new RegExp(String(language)) });
      await assert.rejects(readReceipt("abacus", language), RangeError);
    }
  });
});
