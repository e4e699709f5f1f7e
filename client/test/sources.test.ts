/** What becomes of a stream that somebody gave: that it is let go, what its faults are called, how much of it is held. */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { recipientOf } from "../src/identity.ts";
import { padFile, unpadFile } from "../src/padding.ts";
import { CannotOpen, openStream, sealStream } from "../src/seal.ts";
import { collected, randomBytes, streamOf, utf8 } from "./support.ts";

const olena = randomBytes(32, 1);
const toOlena = await recipientOf(olena);
const sealed = await collected(await sealStream(streamOf(randomBytes(400_000, 2)), toOlena));

const soon = () => new Promise((resolve) => setTimeout(resolve, 20));

/** A source that says for what reason it was cancelled. With `breaksAfter` the line breaks behind so many bytes. */
function watched(bytes: Uint8Array, breaksAfter = Infinity) {
  let at = 0;
  const seen: { cancelled?: unknown } = {};
  const stream = new ReadableStream<Uint8Array>({
    pull(controller) {
      if (at >= breaksAfter) controller.error(new TypeError("the line broke"));
      else if (at < bytes.length) controller.enqueue(bytes.slice(at, (at += 20_000)));
    },
    cancel: (reason) => void (seen.cancelled = reason),
  });
  return { stream, seen };
}

describe("a source is cancelled and given back", () => {
  const ways: [string, (source: ReadableStream<Uint8Array>) => Promise<ReadableStream<Uint8Array>>, Uint8Array][] = [
    ["being padded", async (source) => source.pipeThrough(padFile()), randomBytes(400_000, 3)],
    ["having its padding taken off", async (source) => source.pipeThrough(unpadFile()), randomBytes(400_000, 4)],
    ["being sealed", (source) => sealStream(source, toOlena), randomBytes(400_000, 5)],
    ["being opened", (source) => openStream(source, olena), sealed],
  ];
  for (const [what, passed, bytes] of ways)
    test(`when nothing more is wanted of what is ${what}`, async () => {
      const { stream, seen } = watched(bytes);
      const reader = (await passed(stream)).getReader();
      await reader.read();
      await reader.cancel("enough");
      await soon();
      assert.equal(seen.cancelled, "enough");
      assert.ok(!stream.locked);
    });

  test("when its header is none", async () => {
    const { stream, seen } = watched(utf8("nonsense\n".repeat(3_000)));
    await assert.rejects(openStream(stream, olena), CannotOpen);
    await soon();
    assert.ok(seen.cancelled instanceof CannotOpen);
    assert.ok(!stream.locked);
  });

  test("when it is for somebody else", async () => {
    const { stream, seen } = watched(sealed);
    await assert.rejects(openStream(stream, randomBytes(32, 9)), CannotOpen);
    await soon();
    assert.ok(seen.cancelled instanceof CannotOpen);
    assert.ok(!stream.locked);
  });

  test("when it is damaged behind the header", async () => {
    const bent = sealed.slice();
    bent[100_000]! ^= 1;
    const { stream, seen } = watched(bent);
    await assert.rejects(collected(await openStream(stream, olena)), CannotOpen);
    await soon();
    assert.ok("cancelled" in seen);
  });

  test("when the recipient is none", async () => {
    for (const recipient of ["age1pq1nonsense", toOlena.slice(0, -1), "age1x"]) {
      const { stream, seen } = watched(randomBytes(100_000, 6));
      await assert.rejects(sealStream(stream, recipient));
      await soon();
      assert.ok("cancelled" in seen);
      assert.ok(!stream.locked);
    }
  });
});

describe("a line that breaks is not called a damaged file", () => {
  test("in the header", async () => {
    await assert.rejects(openStream(watched(sealed, 0).stream, olena), /the line broke/);
  });

  test("behind it", async () => {
    const opened = await openStream(watched(sealed, 100_000).stream, olena);
    await assert.rejects(collected(opened), /the line broke/);
  });

  test("but a file that was cut is", async () => {
    await assert.rejects(collected(await openStream(streamOf(sealed.slice(0, 100_000)), olena)), CannotOpen);
  });
});

describe("of a source that is one chunk little is held", () => {
  const length = 24_000_000;
  setFlagsFromString("--expose-gc");
  const collectGarbage = runInNewContext("gc") as () => void;

  async function held(): Promise<number> {
    for (let i = 0; i < 3; i++) {
      collectGarbage();
      await soon();
    }
    return process.memoryUsage().arrayBuffers;
  }

  /** Bytes that are held when two pieces were taken. What is read ahead begins at once, and counts. */
  async function heldAfterTwo(begin: () => Promise<ReadableStream<Uint8Array>>): Promise<number> {
    const before = await held();
    const reader = (await begin()).getReader();
    await reader.read();
    await reader.read();
    const after = await held();
    await reader.cancel();
    return after - before;
  }

  test("while it is sealed", async () => {
    const source = streamOf(new Uint8Array(length));
    const more = await heldAfterTwo(() => sealStream(source, toOlena));
    assert.ok(more < length / 4, `${more} bytes are held`);
  });

  test("while it is opened", async () => {
    const whole = await collected(await sealStream(streamOf(new Uint8Array(length)), toOlena));
    const source = streamOf(whole);
    const more = await heldAfterTwo(() => openStream(source, olena));
    assert.ok(more < length / 4, `${more} bytes are held`);
  });
});

test("a chunk that is not bytes makes a stream fail, not lose it", async () => {
  for (const chunk of [
    "Help",
    new ArrayBuffer(9),
    [1, 2],
    new Uint16Array(9),
    new DataView(new ArrayBuffer(9)),
    null,
  ]) {
    const source = () => streamOf(chunk as unknown as Uint8Array);
    await assert.rejects(collected(source().pipeThrough(padFile())), TypeError);
    await assert.rejects(collected(source().pipeThrough(unpadFile())), TypeError);
    await assert.rejects(async () => collected(await sealStream(source(), toOlena)), TypeError);
    await assert.rejects(openStream(source(), olena), TypeError);
  }
});

test("a source of what is not bytes is let go", async () => {
  let cancelled = false;
  const source = new ReadableStream<Uint8Array>({
    pull: (controller) => controller.enqueue("Help" as unknown as Uint8Array),
    cancel: () => void (cancelled = true),
  });
  await assert.rejects(collected(source.pipeThrough(padFile())), TypeError);
  await soon();
  assert.ok(cancelled);
});
