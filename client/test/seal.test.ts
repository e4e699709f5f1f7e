import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { Decrypter, Encrypter } from "age-encryption";
import { identityText, recipientOf } from "../src/identity.ts";
import { longestMessage, MessageTooLong, paddedFileLength, paddedMessageLength } from "../src/padding.ts";
import { CannotOpen, openAnswer, openStream, sealedFileLength, sealMessage, sealStream } from "../src/seal.ts";
import { collected, hex, randomBytes, streamOf } from "./support.ts";

const olena = randomBytes(32, 1);
const somebodyElse = randomBytes(32, 2);
const toOlena = await recipientOf(olena);

const sealedFile = async (content: Uint8Array) => collected(await sealStream(streamOf(content), toOlena));
const openedFile = async (sealed: Uint8Array) => collected(await openStream(streamOf(sealed), olena));

/** Every kind of harm on the way: a bit flipped in each part, ends cut at and between chunks, bytes added. */
function harmed(sealed: Uint8Array): [string, Uint8Array][] {
  const flips = [0, 25, 40, 1_000, 1_560, 1_600, 1_650, 1_680, sealed.length - 17, sealed.length - 1].map((at) => {
    const copy = sealed.slice();
    copy[at]! ^= 1;
    return [`bit flipped at ${at}`, copy] as [string, Uint8Array];
  });
  const header = sealed.length % 65_552;
  const cuts = [0, 10, 1_600, header, sealed.length - 65_552, sealed.length - 16, sealed.length - 1]
    .filter((length) => length >= 0 && length < sealed.length)
    .map((length) => [`cut at ${length}`, sealed.slice(0, length)] as [string, Uint8Array]);
  const longer = new Uint8Array(sealed.length + 1);
  longer.set(sealed);
  return [...flips, ...cuts, ["a byte added", longer]];
}

describe("a message", () => {
  for (const length of [0, 1, 511, 512, 65_535, 65_536, 65_537, longestMessage]) {
    test(`of ${length} bytes comes back, and its size is one of six`, async () => {
      const content = randomBytes(length, length);
      const sealed = await sealMessage(content, toOlena);
      assert.equal(hex(await openAnswer(sealed, olena)), hex(content));
      const plain = new Decrypter();
      plain.addIdentity(identityText(olena));
      assert.equal((await plain.decrypt(sealed)).length, paddedMessageLength(length));
    });
  }

  test("of the same words is sealed differently each time", async () => {
    const content = randomBytes(10, 3);
    assert.notEqual(hex(await sealMessage(content, toOlena)), hex(await sealMessage(content, toOlena)));
  });

  test("that was harmed on the way is refused", async () => {
    const sealed = await sealMessage(randomBytes(100, 4), toOlena);
    for (const [harm, bytes] of harmed(sealed)) await assert.rejects(openAnswer(bytes, olena), CannotOpen, harm);
  });

  test("is opened by nobody else", async () => {
    await assert.rejects(openAnswer(await sealMessage(randomBytes(9, 5), toOlena), somebodyElse), CannotOpen);
  });

  test("that is too long is refused before anything is sealed", async () => {
    await assert.rejects(sealMessage(new Uint8Array(longestMessage + 1), toOlena), MessageTooLong);
  });

  test("is sealed to no recipient of another kind", async () => {
    const classical = "age1ql3z7hjy54pw3hyww5ayyfg7zqgvc7w3j2elw8zmrj2kg5sfn9aqmcac8p";
    for (const recipient of [classical, "age1tagpq1" + toOlena.slice(7), toOlena.slice(0, -1), ""])
      await assert.rejects(sealMessage(randomBytes(9, 6), recipient));
  });

  test("without padding is refused even when its seal is right", async () => {
    const encrypter = new Encrypter();
    encrypter.addRecipient(toOlena);
    await assert.rejects(openAnswer(await encrypter.encrypt(randomBytes(512, 8)), olena), CannotOpen);
  });
});

describe("a file", () => {
  for (const length of [0, 1, 65_535, 65_536, 65_537]) {
    test(`of ${length} bytes comes back, and its sealed length was known`, async () => {
      const content = randomBytes(length, length);
      const sealed = await sealedFile(content);
      assert.equal(sealed.length, sealedFileLength(length));
      assert.equal(hex(await openedFile(sealed)), hex(content));
    });
  }

  test("of 5 MiB passes as a stream, both ways, as a Blob too", async () => {
    const content = randomBytes(5 * 1_048_576, 7);
    const sealed = await collected(await sealStream(new Blob([content]), toOlena));
    assert.equal(sealed.length, sealedFileLength(content.length));
    const opened = await collected(await openStream(new Blob([sealed as Uint8Array<ArrayBuffer>]), olena));
    assert.equal(Buffer.compare(opened, content), 0);
  });

  test("is read only as fast as it is sent", async () => {
    let read = 0;
    const endless = new ReadableStream<Uint8Array>({
      pull(controller) {
        read++;
        controller.enqueue(new Uint8Array(65_536));
      },
    });
    const reader = (await sealStream(endless, toOlena)).getReader();
    for (let i = 0; i < 4; i++) await reader.read();
    await new Promise((resolve) => setImmediate(resolve));
    assert.ok(read < 20, `${read} chunks were read for four`);
    await reader.cancel();
  });

  test("given in one piece is handed on in small ones", async () => {
    const reader = (await sealStream(streamOf(new Uint8Array(3_000_000)), toOlena)).getReader();
    for (;;) {
      const { done, value } = await reader.read();
      if (done) break;
      assert.ok(value.length <= 65_552);
    }
  });

  test("that was harmed on the way is refused", async () => {
    const sealed = await sealedFile(randomBytes(150_000, 9));
    for (const [harm, bytes] of harmed(sealed)) await assert.rejects(openedFile(bytes), CannotOpen, harm);
  });

  test("whose source breaks cannot be opened", async () => {
    let calls = 0;
    const broken = new ReadableStream<Uint8Array>({
      pull(controller) {
        if (calls++ < 3) controller.enqueue(new Uint8Array(65_536));
        else controller.error(new Error("the card was pulled out"));
      },
    });
    const reader = (await sealStream(broken, toOlena)).getReader();
    const sent: Uint8Array[] = [];
    await assert.rejects(async () => {
      for (;;) sent.push((await reader.read()).value!);
    }, /card/);
    await assert.rejects(collected(await openStream(streamOf(...sent), olena)), CannotOpen);
  });

  test("tells only its class of sizes", async () => {
    assert.equal(paddedFileLength(1_000_000), paddedFileLength(1_000_001));
    assert.equal((await sealedFile(new Uint8Array(600))).length, (await sealedFile(new Uint8Array(601))).length);
  });
});
