import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { describe, test } from "node:test";
import {
  longestMessage,
  MessageTooLong,
  PaddingDamaged,
  padFile,
  padMessage,
  paddedFileLength,
  paddedMessageLength,
  unpadFile,
  unpadMessage,
} from "../src/padding.ts";
import { collected, hex, randomBytes, randomFrom, streamOf, unhex, vectors } from "./support.ts";

const padded = (...chunks: Uint8Array[]) => collected(streamOf(...chunks).pipeThrough(padFile()));
const unpadded = (...chunks: Uint8Array[]) => collected(streamOf(...chunks).pipeThrough(unpadFile()));

function cutAnywhere(bytes: Uint8Array, random: (below: number) => number): Uint8Array[] {
  const chunks = [];
  for (let at = 0; at < bytes.length;) {
    const length = random(4) === 0 ? random(3) : random(bytes.length);
    chunks.push(bytes.subarray(at, at + length));
    at += length;
  }
  return chunks;
}

/** Contents that look like padding themselves, among others. */
function awkwardContents(): Uint8Array[] {
  const random = randomFrom(7);
  const fixed = [[], [0x80], [0], [0x80, 0], [0x80, 0x80], [0, 0x80, 0], [1, 0x80, 0, 0]].map((b) =>
    Uint8Array.from(b),
  );
  const made = [511, 512, 513, 1_000, 4_096, 70_000].flatMap((length) => {
    const zeros = new Uint8Array(length);
    const marked = new Uint8Array(length);
    marked[random(length)] = 0x80;
    return [zeros, marked, Uint8Array.from({ length }, () => [0, 0x80, 1][random(3)]!)];
  });
  return [...fixed, ...made];
}

describe("lengths", () => {
  test("a message takes the smallest bucket that also holds the marker", () => {
    assert.deepEqual(
      [0, 1, 511, 512, 2_047, 2_048, 131_071, 131_072, 524_287].map(paddedMessageLength),
      [512, 512, 512, 2_048, 2_048, 8_192, 131_072, 524_288, 524_288],
    );
  });

  test("a message beyond the largest bucket is refused", () => {
    assert.equal(longestMessage, 524_287);
    assert.throws(() => padMessage(new Uint8Array(longestMessage + 1)), MessageTooLong);
  });

  test("a file's length is Padmé as the paper writes it, counted in whole numbers", () => {
    const padme = (length: bigint) => {
      const exponent = BigInt(length.toString(2).length - 1);
      const z = exponent - BigInt(exponent.toString(2).length);
      const mask = (1n << z) - 1n;
      return (length + mask) & ~mask;
    };
    const random = randomFrom(3);
    const around = [9, 10, 16, 20, 30, 31, 32, 33, 40, 48, 52].flatMap((power) =>
      [-2, -1, 0, 1, 2].map((step) => 2 ** power + step),
    );
    const longest = 2 ** 52 - 1;
    const anywhere = Array.from({ length: 2_000 }, () =>
      Math.floor(2 ** (9 + random(43)) * (1 + random(1_000) / 1_000)),
    );
    for (const length of [...around, ...anywhere].filter((length) => length <= longest)) {
      const need = BigInt(Math.max(length + 1, 512));
      assert.equal(BigInt(paddedFileLength(length)), padme(need), `content of ${length}`);
    }
  });

  test("a file grows by at most 12 %, and never below 512", () => {
    for (let length = 0; length < 100_000; length += 7) {
      const allowed = paddedFileLength(length);
      assert.ok(allowed > length && allowed >= 512);
      if (length >= 512) assert.ok(allowed <= (length + 1) * 1.12);
    }
  });
});

describe("messages", () => {
  test("come back as they were, also when they look like padding", () => {
    for (const content of awkwardContents()) {
      const whole = padMessage(content);
      assert.equal(whole.length, paddedMessageLength(content.length));
      assert.equal(hex(unpadMessage(whole)), hex(content));
    }
  });

  test("are refused without a marker, with another length, or with something after the marker", () => {
    const whole = padMessage(Uint8Array.from([1, 2, 3]));
    const longer = new Uint8Array(2_048);
    longer.set(whole);
    const marred = whole.slice();
    marred[511] = 1;
    for (const wrong of [new Uint8Array(0), new Uint8Array(512), whole.subarray(0, 511), longer, marred])
      assert.throws(() => unpadMessage(wrong), PaddingDamaged);
  });
});

describe("files", () => {
  test("come back as they were, however they are cut into chunks", async () => {
    const random = randomFrom(11);
    for (const content of awkwardContents()) {
      const whole = await padded(...cutAnywhere(content, random));
      assert.equal(whole.length, paddedFileLength(content.length));
      assert.equal(hex(whole.subarray(0, content.length)), hex(content));
      assert.equal(hex(await unpadded(...cutAnywhere(whole, random))), hex(content));
    }
  });

  test("are refused without a marker, with a length that is not theirs, or with something after the marker", async () => {
    const whole = await padded(randomBytes(5_000, 5));
    const marred = whole.slice();
    marred[marred.length - 1] = 1;
    const wrong = [new Uint8Array(0), new Uint8Array(512), whole.subarray(0, -1), marred];
    const longer = new Uint8Array(paddedFileLength(whole.length));
    longer.set(whole);
    for (const bytes of [...wrong, longer]) await assert.rejects(unpadded(bytes), PaddingDamaged);
  });

  test("are read only as fast as they are taken", async () => {
    let read = 0;
    const source = new ReadableStream<Uint8Array>({
      pull(controller) {
        read++;
        controller.enqueue(new Uint8Array(65_536));
      },
    });
    const reader = source.pipeThrough(padFile()).pipeThrough(unpadFile()).getReader();
    for (let i = 0; i < 3; i++) await reader.read();
    await new Promise((resolve) => setImmediate(resolve));
    assert.ok(read < 20, `${read} chunks were read for three`);
    await reader.cancel();
  });

  test("a long run of zeros after what may be the marker is not kept in memory", async () => {
    const length = 40_000_000;
    const first = Uint8Array.of(0x80);
    const zeros = new Uint8Array(100_000);
    let sent = 0;
    const source = new ReadableStream<Uint8Array>(
      {
        pull(controller) {
          if (sent === 0) controller.enqueue(first);
          else if (sent < length) controller.enqueue(zeros);
          else controller.close();
          sent += zeros.length;
        },
      },
      { highWaterMark: 0 },
    );
    let taken = 0;
    let largest = 0;
    const reader = source.pipeThrough(padFile()).pipeThrough(unpadFile()).getReader();
    for (;;) {
      const { done, value } = await reader.read();
      if (done) break;
      taken += value.length;
      largest = Math.max(largest, value.length);
    }
    assert.equal(taken, sent - 2 * zeros.length + 1);
    assert.ok(largest <= 65_536);
  });

  test("a source that breaks breaks the result", async () => {
    const broken = new ReadableStream<Uint8Array>({
      pull(controller) {
        controller.error(new Error("the card was pulled out"));
      },
    });
    await assert.rejects(collected(broken.pipeThrough(padFile())), /card/);
  });
});

interface PaddingVectors {
  message: { content: number; padded?: number; refused?: boolean }[];
  file: { content: number; padded: number }[];
  bytes: { kind: "message" | "file"; content: string; paddedSha256: string; length: number }[];
  refused: { kind: "message" | "file"; prefix: string; zeros: number; why: string }[];
}

describe("padding-vectors.json", () => {
  const cases = vectors<PaddingVectors>("padding-vectors.json");

  test("lengths", () => {
    for (const { content, padded, refused } of cases.message) {
      if (refused) assert.throws(() => paddedMessageLength(content), MessageTooLong);
      else assert.equal(paddedMessageLength(content), padded);
    }
    for (const { content, padded } of cases.file) assert.equal(paddedFileLength(content), padded, `content ${content}`);
  });

  test("bytes", async () => {
    for (const { kind, content, paddedSha256, length } of cases.bytes) {
      const whole = kind === "message" ? padMessage(unhex(content)) : await padded(unhex(content));
      assert.equal(whole.length, length);
      assert.equal(createHash("sha256").update(whole).digest("hex"), paddedSha256);
    }
  });

  test("refusals", async () => {
    for (const { kind, prefix, zeros, why } of cases.refused) {
      const whole = unhex(prefix + "00".repeat(zeros));
      if (kind === "message") assert.throws(() => unpadMessage(whole), PaddingDamaged, why);
      else await assert.rejects(unpadded(whole), PaddingDamaged, why);
    }
  });
});
