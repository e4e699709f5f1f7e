import assert from "node:assert/strict";
import { createHash, createHmac } from "node:crypto";
import { readFileSync } from "node:fs";
import { describe, test } from "node:test";
import { identityText, recipientOf } from "../src/identity.ts";
import { languages, type Language } from "../src/languages.ts";
import { belongTogether, freshEntropy, receiptLength, wordsOf } from "../src/receipt-bits.ts";
import { readWith } from "../src/receipt-reading.ts";
import { deriveReceiptKeys, forgetReceiptKeys, makeReceipt, readReceipt } from "../src/receipt.ts";
import { loadWords, WordList } from "../src/words.ts";
import { hex, nobleArgon2, randomBytes, randomFrom, receiptOf, unhex, vectors } from "./support.ts";

const instanceId = randomBytes(32, 42);

describe("a receipt", () => {
  for (const language of languages) {
    test(`in ${language} is nine words of the list and reads back`, async () => {
      const list = await loadWords(language);
      for (let i = 0; i < 50; i++) {
        const words = await makeReceipt(language);
        assert.equal(words.length, receiptLength);
        assert.ok(words.every((word) => list.indexOf(word) !== undefined));
        assert.deepEqual(await readReceipt(words.join(" "), language), { ok: true, language, words });
      }
    });

    test(`in ${language} is found out without saying the language`, async () => {
      const words = await makeReceipt(language);
      assert.deepEqual(await readReceipt(words.join(" ")), { ok: true, language, words });
    });
  }

  test("has 91 random bits, each of which can be either", () => {
    const ones = new Uint8Array(12);
    const zeros = new Uint8Array(12);
    for (let i = 0; i < 200; i++) freshEntropy().forEach((byte, at) => ((ones[at]! |= byte), (zeros[at]! |= ~byte)));
    assert.equal(hex(ones), "ff".repeat(11) + "e0");
    assert.equal(hex(zeros), "ff".repeat(12));
  });

  test("is spelled as the format says", async () => {
    for (const language of languages) {
      const list = await loadWords(language);
      const entropy = randomBytes(12, 8);
      entropy[11]! &= 0xe0;
      const check = createHash("sha256")
        .update(`understory/receipt/v1/check\0${language}\0`)
        .update(entropy)
        .digest()[0]!;
      const bits =
        [...entropy]
          .map((byte) => byte.toString(2).padStart(8, "0"))
          .join("")
          .slice(0, 91) + check.toString(2).padStart(8, "0");
      const expected = Array.from({ length: 9 }, (_, i) => list.words[parseInt(bits.slice(11 * i, 11 * i + 11), 2)]);
      assert.deepEqual(wordsOf(entropy, list), expected);
    }
  });

  test("with one other word of the list is nearly always noticed, and so are two that changed places", async () => {
    const list = await loadWords("en");
    const random = randomFrom(1);
    let passed = 0;
    for (let i = 0; i < 4_000; i++) {
      const words = receiptOf(list, i)!;
      const at = random(8);
      if (i % 2) words[at] = list.words[(list.indexOf(words[at]!)! + 1 + random(2_047)) % 2_048]!;
      else [words[at], words[at + 1]] = [words[at + 1]!, words[at]!];
      if (belongTogether(words, list)) passed++;
    }
    assert.ok(passed < 40, `${passed} of 4,000 passed; about 16 should`);
  });
});

describe("what somebody typed", () => {
  const decomposed = (text: string) => text.normalize("NFD");
  const replaced = (from: string, to: string) => (text: string) =>
    Array.from(text, (c) => (from.includes(c) ? Array.from(to)[from.indexOf(c)]! : c)).join("");
  const latinKeys = "qwertyuiop[]asdfghjkl;'zxcvbnm,.";
  const russianKeys = "йцукенгшщзхъфывапролджэячсмитьбю";
  const ukrainianKeys = "йцукенгшщзхїфівапролджєячсмитьбю";
  const lookLatin = "acekmoptxy";
  const lookCyrillic = "асекмортху";

  const everywhere: [string, (words: string[]) => string][] = [
    ["in capitals", (words) => words.join(" ").toUpperCase()],
    ["as a numbered list", (words) => words.map((word, i) => `${i + 1}. ${word}`).join("\n")],
    ["numbered without a space", (words) => words.map((word, i) => `${i + 1})${word},`).join(" ")],
    ["with commas only", (words) => words.join(",")],
    ["with a dash between", (words) => words.join(" — ")],
    ["in quotation marks", (words) => `«${words.join(" ")}»`],
    ["over several lines and with odd spaces", (words) => "\ufeff  " + words.join("\u00a0\r\n\t") + "\u2003"],
    [
      "with invisible characters",
      (words) => words.map((word) => word.slice(0, 2) + "\u00ad\u200b" + word.slice(2)).join(" "),
    ],
    ["with stress marks", (words) => words.map((word) => word.slice(0, 2) + "\u0301" + word.slice(2)).join(" ")],
    ["with apostrophes", (words) => words.map((word) => word.slice(0, 2) + "’" + word.slice(2) + "'").join(" ")],
  ];

  const byLanguage: [Language, string, string, (text: string) => string][] = [
    ["ru", "with ё for е", "е", (text) => text.replace(/е/g, "ё")],
    ["ru", "with й in two characters", "й", decomposed],
    ["ru", "on a Latin keyboard", "", replaced(russianKeys, latinKeys)],
    ["ru", "on a Latin keyboard with Caps Lock", "", (text) => replaced(russianKeys, latinKeys)(text).toUpperCase()],
    ["ru", "with Latin letters that look alike", "о", replaced(lookCyrillic, lookLatin)],
    ["ru", "with і on a Ukrainian keyboard", "ы", replaced("ыэъ", "ієї")],
    ["ru", "with the Ukrainian и", "и", replaced("и", "і")],
    ["uk", "with ї in two characters", "ї", decomposed],
    ["uk", "with ґ for г", "г", replaced("г", "ґ")],
    ["uk", "on a Latin keyboard", "", replaced(ukrainianKeys, latinKeys)],
    ["uk", "with Latin letters that look alike", "і", replaced(lookCyrillic + "і", lookLatin + "i")],
    ["uk", "with ы on a Russian keyboard", "і", replaced("ієї", "ыэъ")],
    ["uk", "with the Russian ы", "и", replaced("и", "ы")],
    ["en", "on a Russian keyboard", "", replaced(latinKeys, russianKeys)],
    ["en", "on a Ukrainian keyboard", "", replaced(latinKeys, ukrainianKeys)],
    ["en", "with Cyrillic letters that look alike", "o", replaced(lookLatin, lookCyrillic)],
  ];

  for (const language of languages)
    for (const [how, typed] of everywhere)
      test(`in ${language} ${how}`, async () => {
        const words = receiptOf(await loadWords(language), 5)!;
        assert.deepEqual(await readReceipt(typed(words), language), { ok: true, language, words });
      });

  for (const [language, how, letter, typed] of byLanguage)
    test(`in ${language} ${how}`, async (t) => {
      const words = receiptOf(await loadWords(language), 3, letter);
      if (!words) return t.skip(`no word has ${letter}`);
      const text = typed(words.join(" "));
      assert.notEqual(text, words.join(" "));
      assert.deepEqual(await readReceipt(text, language), { ok: true, language, words });
    });

  test("with one unknown word names it by its position, with the word that was meant", async () => {
    const list = await loadWords("en");
    const words = receiptOf(list, 9)!;
    const slipped = words.map((word, i) => (i === 4 ? word.slice(0, 2) + "q" + word.slice(3) : word));
    const read = await readReceipt(slipped.join(" "), "en");
    assert.ok(!read.ok);
    assert.equal(read.fault, "words");
    assert.equal(read.count, 9);
    assert.equal(read.problems.length, 1);
    const [problem] = read.problems;
    assert.deepEqual([problem!.position, problem!.typed, problem!.kind], [5, slipped[4], "unknown"]);
    assert.ok(problem!.nearest.includes(words[4]!));
    assert.ok(problem!.nearest.length <= 3);
  });

  test("counts words and not pieces of text", async () => {
    const words = receiptOf(await loadWords("uk"), 2)!;
    const read = await readReceipt(`${words.slice(0, 3).join(",")} хх ${words.slice(3, 5).join(" ")}`, "uk");
    assert.ok(!read.ok);
    assert.deepEqual([read.count, read.problems[0]!.position], [6, 4]);
  });

  test("with too few or too many words says how many there are", async () => {
    const words = receiptOf(await loadWords("ru"), 4)!;
    for (const some of [words.slice(1), [...words, words[0]!]]) {
      const read = await readReceipt(some.join(" "), "ru");
      assert.deepEqual(read, { ok: false, fault: "count", language: "ru", count: some.length, problems: [] });
    }
  });

  test("that is nothing, or only numbers and dashes, is no words", async () => {
    for (const typed of ["", "   ", "1. 2. — 3) …"]) {
      const read = await readReceipt(typed);
      assert.ok(!read.ok);
      assert.deepEqual([read.fault, read.count], ["count", 0]);
    }
  });

  test("in the wrong order is nine words that do not belong together", async () => {
    const words = receiptOf(await loadWords("en"), 6)!.reverse();
    const read = await readReceipt(words.join(" "), "en");
    assert.ok(!read.ok);
    assert.equal(read.fault, "checksum");
  });

  test("that could be two words is left to the person", async () => {
    const twins = new WordList("ru", [...(await loadWords("ru")).words.slice(2), "зикир", "зыкыр"]);
    const read = readWith([twins], "зікір");
    assert.ok(!read.ok);
    const problem = { position: 1, typed: "зікір", kind: "ambiguous", nearest: ["зыкыр", "зикир"] };
    assert.deepEqual(read.problems, [problem]);
  });

  test("abbreviated is not accepted, but the word is offered", async () => {
    const words = receiptOf(await loadWords("uk"), 5)!;
    const longer = words.filter((word) => word.length > 4);
    const read = await readReceipt(longer.map((word) => word.slice(0, 4)).join(" "), "uk");
    assert.ok(!read.ok);
    assert.equal(read.problems.length, longer.length);
    for (const [i, { nearest }] of read.problems.entries()) assert.equal(nearest.length > 0, true, longer[i]);
  });

  test("partly on another keyboard is not guessed at", async () => {
    const read = await readReceipt("зфgfпая", "ru");
    assert.ok(!read.ok);
    assert.equal(read.problems[0]!.kind, "unknown");
  });

  test("however long and strange, it is answered", async () => {
    const random = randomFrom(77);
    const alphabet = "абвгїі ыэabcxyz ,.;'[]{}1)—\u0306\u0308\u00ad’ \n";
    for (let i = 0; i < 100; i++) {
      const typed = Array.from({ length: random(120) }, () => alphabet[random(alphabet.length)]).join("");
      const read = await readReceipt(typed);
      assert.ok(!read.ok, typed);
      const list = await loadWords(read.language!);
      const positions = read.problems.map(({ position }) => position);
      assert.ok(read.count <= 64 && positions.every((position) => position <= read.count), typed);
      assert.deepEqual(
        positions,
        [...new Set(positions)].sort((a, b) => a - b),
        typed,
      );
      assert.equal(read.fault, positions.length > 0 ? "words" : "count", typed);
      for (const { typed: token, nearest } of read.problems) {
        assert.ok(typed.includes(token), typed);
        assert.ok(nearest.length <= 3 && nearest.every((word) => list.has(word)), typed);
      }
    }
  });
});

describe("the keys of a receipt", () => {
  test("are those of the format", async () => {
    const words = receiptOf(await loadWords("uk"), 1)!;
    const keys = await deriveReceiptKeys(words, instanceId, nobleArgon2);
    const salt = createHash("sha256").update("understory/receipt\0\x01").update(instanceId).digest().subarray(0, 16);
    const root = await nobleArgon2(new TextEncoder().encode(words.join(" ")), salt);
    const key = (use: string) => createHmac("sha256", root).update(`understory/receipt/v1/${use}\x01`).digest("hex");
    // Of the conversation key and not of the root: nobody who sees it can begin a conversation of their own under it.
    const lookUp = createHmac("sha256", Buffer.from(key("conversation"), "hex")).update(
      "understory/receipt/v1/look-up\x01",
    );
    assert.equal(hex(keys.lookUpId), lookUp.digest("hex").slice(0, 32));
    assert.equal(hex(keys.bearer), key("bearer"));
    assert.equal(hex(keys.conversationKey), key("conversation"));
    assert.equal(hex(keys.identity), key("identity"));
    assert.match(identityText(keys.identity), /^AGE-SECRET-KEY-PQ-1[0-9A-Z]+$/);
    assert.equal(keys.recipient, await recipientOf(keys.identity));
    forgetReceiptKeys(keys);
    assert.equal(hex(keys.bearer), "00".repeat(32));
  });

  test("are others at another organisation", async () => {
    const words = receiptOf(await loadWords("en"), 1)!;
    const here = await deriveReceiptKeys(words, instanceId, nobleArgon2);
    const there = await deriveReceiptKeys(words, randomBytes(32, 43), nobleArgon2);
    assert.notEqual(hex(here.lookUpId), hex(there.lookUpId));
    assert.notEqual(here.recipient, there.recipient);
  });

  test("need an instance id of 32 bytes", async () => {
    const words = receiptOf(await loadWords("en"), 1)!;
    await assert.rejects(deriveReceiptKeys(words, instanceId.subarray(1), nobleArgon2));
  });
});

interface ReceiptVectors {
  lists: Record<Language, string>;
  made: { language: Language; entropy: string; words: string }[];
  read: {
    typed: string;
    language: Language | null;
    words: string | null;
    detected?: Language;
    problems?: { position: number; typed: string; kind: "unknown" | "ambiguous"; nearest: string[] }[];
    fault?: "count" | "checksum" | "words" | "language";
    count?: number;
  }[];
  keys: {
    words: string;
    instanceId: string;
    lookUpId: string;
    bearer: string;
    conversationKey: string;
    identity: string;
    recipient: string;
  }[];
}

describe("receipt-vectors.json", () => {
  const cases = vectors<ReceiptVectors>("receipt-vectors.json");

  test("lists", () => {
    for (const [language, hash] of Object.entries(cases.lists))
      assert.equal(
        createHash("sha256")
          .update(readFileSync(`../src/Sealing/Words/${language}.txt`))
          .digest("hex"),
        hash,
        language,
      );
  });

  test("made", async () => {
    for (const { language, entropy, words } of cases.made)
      assert.equal(wordsOf(unhex(entropy), await loadWords(language)).join(" "), words);
  });

  test("read", async () => {
    for (const { typed, language, words, detected, problems, fault, count } of cases.read) {
      const read = await readReceipt(typed, language ?? undefined);
      assert.equal(read.ok ? read.words.join(" ") : null, words, typed);
      if (detected && fault !== "language") assert.equal(read.language, detected, typed);
      if (read.ok) continue;
      if (fault) assert.equal(read.fault, fault, typed);
      if (count !== undefined && count !== null) assert.equal(read.count, count, typed);
      if (problems) assert.deepEqual(read.problems, problems, typed);
    }
  });

  test("keys", async () => {
    for (const { words, instanceId, ...expected } of cases.keys) {
      const keys = await deriveReceiptKeys(words.split(" "), unhex(instanceId), nobleArgon2);
      const found = {
        lookUpId: hex(keys.lookUpId),
        bearer: hex(keys.bearer),
        conversationKey: hex(keys.conversationKey),
        identity: identityText(keys.identity),
        recipient: keys.recipient,
      };
      assert.deepEqual(found, expected);
    }
  });
});
