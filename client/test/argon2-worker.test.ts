/** The page's side and the worker's side, with a worker that misbehaves as a test wants it. */
import assert from "node:assert/strict";
import { afterEach, describe, mock, test } from "node:test";
import { argon2InWorker } from "../src/argon2.ts";
import { argon2idPlain } from "../src/argon2-plain.ts";
import { answerEach } from "../src/argon2-worker.ts";
import { hex, randomBytes } from "./support.ts";

const password = randomBytes(40, 1);
const salt = randomBytes(16, 2);
const root = randomBytes(32, 3);

type Way = (worker: FakeWorker, question: unknown) => void;
let ways: Record<string, { starts: Way; answers: Way }>;
let made: FakeWorker[];

class FakeWorker {
  readonly name: string;
  onmessage?: (event: { data: unknown }) => void;
  onmessageerror?: () => void;
  onerror?: (event: { preventDefault: () => void }) => void;
  asked = 0;
  ended = false;

  constructor(address: URL) {
    this.name = address.pathname.split("/").pop()!;
    made.push(this);
    queueMicrotask(() => ways[this.name]!.starts(this, undefined));
  }

  postMessage(question: unknown, moved: Transferable[]): void {
    this.asked++;
    const copy = structuredClone(question, { transfer: moved });
    queueMicrotask(() => ways[this.name]!.answers(this, copy));
  }

  terminate(): void {
    this.ended = true;
  }
}

const says =
  (data: unknown): Way =>
  (worker) =>
    worker.onmessage!({ data });
const silent: Way = () => undefined;
const good = { starts: says("ready"), answers: says({ root }) };

async function computedWith(wasm: { starts: Way; answers: Way }, plain = good): Promise<Uint8Array> {
  ways = { "argon2-wasm.js": wasm, "argon2-plain.js": plain };
  made = [];
  Object.assign(globalThis, { Worker: FakeWorker });
  return argon2InWorker(password, salt);
}

afterEach(() => mock.timers.reset());

describe("a worker", () => {
  test("that answers is asked once and ended", async () => {
    assert.equal(hex(await computedWith(good)), hex(root));
    assert.deepEqual(
      made.map(({ name, asked, ended }) => [name, asked, ended]),
      [["argon2-wasm.js", 1, true]],
    );
    assert.equal(hex(password), hex(randomBytes(40, 1)), "the caller's own bytes stay");
  });

  const failing: [string, { starts: Way; answers: Way }][] = [
    ["that does not load", { starts: (worker) => worker.onerror!({ preventDefault() {} }), answers: silent }],
    ["that says what failed", { starts: says("ready"), answers: says({ fault: "no memory" }) }],
    ["whose answer cannot be read", { starts: says("ready"), answers: (worker) => worker.onmessageerror!() }],
    ["that says something else", { starts: says(undefined), answers: silent }],
  ];
  for (const [what, way] of failing) {
    test(`${what} makes place for plain script`, { timeout: 5_000 }, async () => {
      assert.equal(hex(await computedWith(way)), hex(root));
      assert.deepEqual(
        made.map(({ name, ended }) => [name, ended]),
        [
          ["argon2-wasm.js", true],
          ["argon2-plain.js", true],
        ],
      );
    });

    test(`${what} is an error when plain script fares the same`, { timeout: 5_000 }, async () => {
      await assert.rejects(computedWith(way, way));
      assert.ok(made.every(({ ended }) => ended));
    });
  }

  test("that loads and says nothing is given up after 15 seconds, unasked", { timeout: 5_000 }, async () => {
    mock.timers.enable({ apis: ["setTimeout"] });
    const computed = computedWith({ starts: silent, answers: silent });
    mock.timers.tick(14_999);
    assert.equal(made.length, 1);
    mock.timers.tick(1);
    assert.equal(hex(await computed), hex(root));
    assert.deepEqual(
      made.map(({ name, asked, ended }) => [name, asked, ended]),
      [
        ["argon2-wasm.js", 0, true],
        ["argon2-plain.js", 1, true],
      ],
    );
  });

  test("may compute as long as it needs", { timeout: 5_000 }, async () => {
    mock.timers.enable({ apis: ["setTimeout"] });
    let answer = () => {};
    const slow = {
      starts: says("ready"),
      answers: (worker: FakeWorker) => void (answer = () => good.answers(worker, 0)),
    };
    const computed = computedWith(slow);
    for (let i = 0; i < 20; i++) await Promise.resolve();
    mock.timers.tick(600_000);
    answer();
    assert.equal(hex(await computed), hex(root));
    assert.equal(made.length, 1);
  });
});

describe("inside the worker", () => {
  interface Inside {
    onmessage?: (event: { data: unknown }) => Promise<void>;
    postMessage(message: unknown, options: { transfer: Transferable[] }): void;
  }

  function worker(argon2: (password: Uint8Array, salt: Uint8Array) => Promise<Uint8Array>) {
    const said: unknown[] = [];
    const self: Inside = { postMessage: (data, options) => void said.push(structuredClone(data, options)) };
    Object.assign(globalThis, { self });
    answerEach(argon2);
    return { said, ask: (data: unknown) => self.onmessage!({ data }) };
  }

  test("it says that it listens, then the root, and keeps neither password nor root", async () => {
    const computed = root.slice();
    const { said, ask } = worker(async () => computed);
    const question = { password: password.slice(), salt };
    assert.deepEqual(said, ["ready"]);
    await ask(question);
    assert.deepEqual(said, ["ready", { root }]);
    assert.equal(hex(question.password), "00".repeat(40));
    assert.equal(hex(computed), "00".repeat(32));
  });

  test("it says what failed, and keeps no password", async () => {
    const { said, ask } = worker(async () => {
      throw new Error("no memory");
    });
    const question = { password: password.slice(), salt };
    await ask(question);
    assert.deepEqual(said, ["ready", { fault: "Error: no memory" }]);
    assert.equal(hex(question.password), "00".repeat(40));
  });
});

test("plain script refuses parameters that Argon2id does not have", () => {
  for (const wrong of [{ memoryKiB: 7 }, { memoryKiB: NaN }, { passes: 0 }, { length: 3 }, { length: 65 }])
    assert.throws(() => argon2idPlain(password, salt, { passes: 1, memoryKiB: 8, length: 32, ...wrong }), RangeError);
});

test("plain script refuses a machine on which it would compute something else", (t) => {
  t.mock.method(Uint16Array, "of", () => ({ buffer: Uint8Array.of(0, 1).buffer }) as Uint16Array);
  assert.throws(() => argon2idPlain(password, salt, { passes: 1, memoryKiB: 8, length: 32 }), /big-endian/);
});
