import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { describe, test } from "node:test";
import { ed25519 } from "@noble/curves/ed25519.js";
import { cborBytes, cborNumber, CborReader, Malformed } from "../src/cbor.ts";
import { ConversationChain } from "../src/conversation.ts";
import { publicKeyOf, recipientOf, recipientText } from "../src/identity.ts";
import { InboxKeyRefused, verifyInboxKey } from "../src/inbox-key.ts";
import {
  acknowledgeRequest,
  fetchRequest,
  forgetRequest,
  readDone,
  readFetched,
  readIntakeError,
  submitRequest,
} from "../src/intake.ts";
import {
  longestWords,
  readContent,
  splitTag,
  tagOf,
  TextTooLong,
  type Use,
  withTag,
  writeContent,
} from "../src/message.ts";
import type { ReceiptKeys } from "../src/receipt.ts";
import { CannotOpen, openAnswer } from "../src/seal.ts";
import { hex, randomBytes, randomFrom, unhex, vectors } from "./support.ts";

interface MessageVectors {
  keys: { conversationKey: string; lookUpId: string; bearer: string; identity: string; recipient: string };
  tags: { use: Use; content: string; tag: string }[];
  contents: ({ content: string; messageSha256: string; kind: string } & Record<string, string | number>)[];
  refused: { content: string; why: string }[];
  judged: {
    name: string;
    state: string;
    last: string;
    steps: { message: string; verdict: string; words?: string; missing?: [number, number]; stateSha256: string }[];
  }[];
  inboxKey: { why: string; instanceId: string; today: number; statement: string; recipient?: string; fault?: string }[];
  intake: {
    message: string;
    bookmark: string;
    requestsSha256: string[];
    fetched: string;
    errors: { code: string; status: number; body: string }[];
  };
}

const cases = vectors<MessageVectors>("message-vectors.json");
const sha256 = (bytes: Uint8Array): string => createHash("sha256").update(bytes).digest("hex");

async function keysOf(seed: number): Promise<ReceiptKeys> {
  const identity = randomBytes(32, seed);
  return {
    lookUpId: randomBytes(16, seed + 1),
    bearer: randomBytes(32, seed + 2),
    conversationKey: randomBytes(32, seed + 3),
    identity,
    recipient: await recipientOf(identity),
  };
}

const vectorKeys = (): ReceiptKeys => ({
  lookUpId: unhex(cases.keys.lookUpId),
  bearer: unhex(cases.keys.bearer),
  conversationKey: unhex(cases.keys.conversationKey),
  identity: unhex(cases.keys.identity),
  recipient: cases.keys.recipient,
});

describe("message-vectors.json", () => {
  test("tags", () => {
    for (const { use, content, tag } of cases.tags)
      assert.equal(hex(tagOf(unhex(cases.keys.conversationKey), use, unhex(content))), tag);
  });

  test("contents are read and written back to the same bytes", () => {
    for (const { content, messageSha256, direction, kind, sequence, words, seen } of cases.contents) {
      const read = readContent(unhex(content));
      assert.deepEqual(
        [read.direction, read.body.kind, read.sequence, read.body.words, read.seen],
        [direction, kind, sequence, words, seen],
      );
      assert.equal(hex(writeContent(read)), content);
      const tag = tagOf(unhex(cases.keys.conversationKey), read.direction, unhex(content));
      assert.equal(sha256(withTag(unhex(content), tag)), messageSha256);
    }
  });

  test("every other encoding is refused", () => {
    for (const { content, why } of cases.refused) assert.throws(() => readContent(unhex(content)), Malformed, why);
  });

  for (const { name, state, steps, last } of cases.judged ?? [])
    test(`judged: ${name}`, () => {
      const chain = ConversationChain.fromState(unhex(state), vectorKeys());
      for (const [i, step] of steps.entries()) {
        const { verdict, answer, missing } = chain.judge(unhex(step.message));
        assert.equal(verdict, step.verdict, `step ${i}`);
        assert.equal(answer?.words, step.words);
        assert.deepEqual(missing && [missing.from, missing.to], step.missing);
        assert.equal(sha256(chain.toBytes()), step.stateSha256, `state after step ${i}`);
      }
      assert.equal(hex(chain.toBytes()), last);
    });

  for (const { why, instanceId, today, statement, recipient, fault } of cases.inboxKey ?? [])
    test(`inbox key: ${why}`, () => {
      const verify = () => verifyInboxKey(unhex(statement), unhex(instanceId), today);
      if (recipient) assert.equal(verify(), recipient);
      else assert.throws(verify, (refused) => refused instanceof InboxKeyRefused && refused.fault === fault);
    });

  test("requests to Intake and its answers", () => {
    const { message, bookmark, requestsSha256, fetched, errors } = cases.intake;
    const id = (first: number) => Uint8Array.from({ length: 16 }, (_, i) => first + i);
    const keys = vectorKeys();
    const requests = [
      submitRequest(keys, unhex(message), unhex(bookmark), undefined, id(20)),
      fetchRequest(keys, id(21)),
      acknowledgeRequest(keys, [id(21), id(22)], unhex(bookmark), unhex(bookmark)),
      forgetRequest(keys, unhex(message), id(23)),
    ];
    assert.deepEqual(requests.map(sha256), requestsSha256);
    const read = readFetched(unhex(fetched));
    assert.deepEqual([read.more, hex(read.bookmark!), read.answers.length], [true, bookmark, 2]);
    assert.equal(hex(read.answers[0]!.sealed), message);
    assert.equal(hex(read.answers[1]!.requestId), hex(id(22)));
    for (const { code, status, body } of errors) {
      assert.deepEqual(readIntakeError(unhex(body), status), { code, retryAfter: 90 });
      assert.throws(() => readIntakeError(unhex(body), 200), Malformed);
    }
    readDone(Uint8Array.of(1));
    assert.throws(() => readDone(Uint8Array.of(1, 0)), Malformed);
  });

  test("bent bytes are refused as malformed or judged, and nothing else", () => {
    const random = randomFrom(20_261_122);
    const bent = (bytes: Uint8Array): Uint8Array => {
      const copy = [...bytes];
      for (let changes = random(5); changes > 0 && copy.length > 0; changes--) {
        const at = random(copy.length);
        if (random(3) === 0) copy.splice(at, random(40));
        else if (random(2) === 0) copy.splice(at, 0, random(256));
        else copy[at] = copy[at]! ^ (1 << random(8));
      }
      return Uint8Array.from(copy);
    };
    const keys = vectorKeys();
    const messages = cases.judged.flatMap(({ steps }) => steps.map(({ message }) => unhex(message)));
    const contents = cases.contents.map(({ content }) => unhex(content));
    const readers: [Uint8Array[], (bytes: Uint8Array) => unknown][] = [
      [contents, readContent],
      [messages, (bytes) => ConversationChain.rebuild(keys).judge(bytes)],
      [cases.judged.map(({ last }) => unhex(last)), (bytes) => ConversationChain.fromState(bytes, keys)],
      [[unhex(cases.intake.fetched)], readFetched],
    ];
    for (const [seeds, read] of readers)
      for (let i = 0; i < 2_000; i++)
        try {
          read(bent(seeds[random(seeds.length)]!));
        } catch (fault) {
          if (!(fault instanceof Malformed)) throw fault;
        }
  });
});

describe("numbers", () => {
  test("of every length come back, and only their shortest form is read", () => {
    for (const value of [0, 23, 24, 255, 256, 65_535, 65_536, 2 ** 32 - 1, 2 ** 32, Number.MAX_SAFE_INTEGER]) {
      const reader = new CborReader(cborNumber(value));
      assert.equal(reader.number(0, Number.MAX_SAFE_INTEGER), value);
      reader.end();
    }
    assert.equal(hex(cborBytes(new Uint8Array(70_000)).subarray(0, 5)), "5a00011170");
    for (const longer of ["1817", "1900ff", "1a0000ffff", "1b00000000ffffffff", "1b0020000000000000"])
      assert.throws(() => new CborReader(unhex(longer)).number(0, Number.MAX_SAFE_INTEGER), Malformed, longer);
  });
});

describe("a conversation on the person's device", () => {
  test("goes on from its bookmark, which is opened by nobody else", async () => {
    const [olena, danylo] = [await keysOf(10), await keysOf(20)];
    const inbox = await recipientOf(randomBytes(32, 30));
    const chain = ConversationChain.begin(olena);
    await chain.sealOpening({ language: "uk", urgency: 2, words: "мене викликають", safely: "" }, inbox);
    const bookmark = await chain.sealBookmark();
    assert.equal(hex((await ConversationChain.fromBookmark(bookmark, olena)).toBytes()), hex(chain.toBytes()));
    await assert.rejects(ConversationChain.fromBookmark(bookmark, danylo), CannotOpen);
    // Somebody else, sealing to her recipient a state of their own making.
    const madeUp = ConversationChain.begin({ ...danylo, recipient: olena.recipient });
    await assert.rejects(ConversationChain.fromBookmark(await madeUp.sealBookmark(), olena), CannotOpen);
  });

  test("takes one place for each message, also when two are written at once", async () => {
    const [olena, desk] = [await keysOf(10), randomBytes(32, 30)];
    const inbox = await recipientOf(desk);
    const chain = ConversationChain.begin(olena);
    await chain.sealOpening({ language: "ru", urgency: 0, words: "помогите", safely: "" }, inbox);
    const both = await Promise.all([chain.sealWords("раз", inbox), chain.sealWords("два", inbox)]);
    const opened = await Promise.all(both.map((sealed) => openAnswer(sealed, desk)));
    assert.deepEqual(
      opened.map((message) => readContent(splitTag(message)[0]).sequence),
      [2, 3],
    );
  });

  test("refuses words that are too long before they take a place", async () => {
    const chain = ConversationChain.begin(await keysOf(10));
    const inbox = await recipientOf(randomBytes(32, 30));
    const first = { language: "en" as const, urgency: 0 as const, safely: "" };
    await assert.rejects(chain.sealOpening({ ...first, words: "x".repeat(longestWords + 1) }, inbox), TextTooLong);
    assert.equal(chain.sent, 0);
    await chain.sealOpening({ ...first, words: "x".repeat(longestWords), safely: "x".repeat(2_000) }, inbox);
  });

  test("calls what cannot be opened tampered with", async () => {
    const chain = ConversationChain.begin(await keysOf(10));
    for (const bytes of [new Uint8Array(0), randomBytes(2_171, 1)])
      assert.deepEqual(await chain.open(bytes), { verdict: "tampered" });
  });
});

describe("recipients", () => {
  test("go from text to bytes and back, and others are refused", async () => {
    const recipient = await recipientOf(randomBytes(32, 5));
    const key = publicKeyOf(recipient);
    assert.equal(recipientText(key), recipient);
    assert.throws(() => publicKeyOf("age1ql3z7hjy54pw3hyww5ayyfg7zqgvc7w3j2elw8zmrj2kg5sfn9aqmcac8p"));
    assert.throws(() => recipientText(new Uint8Array(1_216).fill(0xff)), Malformed);
  });
});

describe("signatures", () => {
  test("are verified strictly: an unreduced scalar and a low-order key are refused", () => {
    const secret = randomBytes(32, 6);
    const message = randomBytes(20, 7);
    const signature = ed25519.sign(message, secret);
    const order = 2n ** 252n + 27742317777372353535851937790883648493n;
    let scalar = 0n;
    for (let i = 63; i >= 32; i--) scalar = scalar * 256n + BigInt(signature[i]!);
    const unreduced = signature.slice();
    for (let i = 32, rest = scalar + order; i < 64; i++, rest >>= 8n) unreduced[i] = Number(rest & 0xffn);
    assert.equal(ed25519.verify(signature, message, ed25519.getPublicKey(secret), { zip215: false }), true);
    assert.equal(ed25519.verify(unreduced, message, ed25519.getPublicKey(secret), { zip215: false }), false);
    // The neutral element as key and commitment, with scalar zero, would verify for every message.
    const neutral = Uint8Array.from({ length: 32 }, (_, i) => (i === 0 ? 1 : 0));
    const forAll = Uint8Array.from({ length: 64 }, (_, i) => (i === 0 ? 1 : 0));
    assert.equal(ed25519.verify(forAll, message, neutral, { zip215: false }), false);
  });
});
