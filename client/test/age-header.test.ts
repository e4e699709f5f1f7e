import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { Encrypter, Stanza } from "age-encryption";
import { recipientOf } from "../src/identity.ts";
import { padMessage } from "../src/padding.ts";
import { CannotOpen, openAnswer, openStream, sealMessage } from "../src/seal.ts";
import { hex, randomBytes, utf8 } from "./support.ts";

const olena = randomBytes(32, 1);
const toOlena = await recipientOf(olena);
const content = randomBytes(20, 2);

/** A sound age file to Olena, the last of so many recipients, behind a stanza of another kind with so many arguments. */
async function sealedTo(recipients: number, argumentBytes = 1): Promise<Uint8Array> {
  const encrypter = new Encrypter();
  encrypter.addRecipient({ wrapFileKey: () => [new Stanza(["other", "x".repeat(argumentBytes)], new Uint8Array(0))] });
  for (let i = 1; i < recipients; i++) encrypter.addRecipient(await recipientOf(randomBytes(32, 100 + i)));
  encrypter.addRecipient(toOlena);
  return encrypter.encrypt(padMessage(content));
}

describe("an age header", () => {
  test("with eight stanzas of ours is read, with nine it is refused", async () => {
    assert.equal(hex(await openAnswer(await sealedTo(8), olena)), hex(content));
    await assert.rejects(openAnswer(await sealedTo(9), olena), CannotOpen);
  });

  test("of up to 16 KiB is read, a longer one is refused", async () => {
    const other = (await sealedTo(1, 1)).indexOf(0x0a, 22);
    assert.ok(other > 22);
    const lengthOf = (sealed: Uint8Array) => Buffer.from(sealed).indexOf("\n--- ") + 1 + 4 + 43 + 1;
    const room = 16_384 - lengthOf(await sealedTo(1, 1)) + 1;
    const fits = await sealedTo(1, room);
    assert.equal(lengthOf(fits), 16_384);
    assert.equal(hex(await openAnswer(fits, olena)), hex(content));
    await assert.rejects(openAnswer(await sealedTo(1, room + 1), olena), CannotOpen);
  });

  for (const [what, version] of [
    ["that never ends", "age-encryption.org/v1\n"],
    ["that is none", ""],
  ] as const)
    test(`${what} is not read for long`, async () => {
      let given = 0;
      let cancelled = false;
      const flood = utf8("-> x y\n\n".repeat(8_192));
      const source = new ReadableStream<Uint8Array>({
        pull(controller) {
          // Ends at some time, so that this test fails and does not hang.
          if (given > 8_000_000) return controller.close();
          controller.enqueue(given === 0 ? utf8(version + "-> x y\n\n") : flood);
          given += flood.length;
        },
        cancel: () => void (cancelled = true),
      });
      await assert.rejects(openStream(source, olena), CannotOpen);
      assert.ok(given <= 4 * flood.length, `${given} bytes were read`);
      assert.ok(cancelled);
    });

  test("is read byte by byte as well", async () => {
    const sealed = await sealedTo(2);
    let at = 0;
    const source = new ReadableStream<Uint8Array>({
      pull(controller) {
        if (at === sealed.length) controller.close();
        else controller.enqueue(sealed.slice(at, ++at));
      },
    });
    // It opens; that it is padded as a message and not as a file makes no difference at 512 bytes.
    const opened = new Response((await openStream(source, olena)) as ReadableStream<Uint8Array<ArrayBuffer>>);
    assert.equal(hex(new Uint8Array(await opened.arrayBuffer())), hex(content));
  });
});

test("an answer longer than any that can be made is refused unseen", async () => {
  const long = new Uint8Array(600_000);
  long.set(await sealMessage(content, toOlena));
  let seen = false;
  const see = (what: unknown) => ({
    value: (...rest: []) => ((seen = true), (what as () => unknown).apply(long, rest)),
  });
  Object.defineProperties(long, {
    indexOf: see(long.indexOf),
    subarray: see(long.subarray),
    [Symbol.iterator]: see(long[Symbol.iterator]),
  });
  await assert.rejects(openAnswer(long, olena), CannotOpen);
  assert.ok(!seen);
});
