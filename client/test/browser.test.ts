import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { basename, join } from "node:path";
import { after, before, describe, test } from "node:test";
import { chromium } from "playwright-core";
import { languages } from "../src/languages.ts";
import { deriveReceiptKeys } from "../src/receipt.ts";
import { loadWords } from "../src/words.ts";
import { hex, nobleArgon2, randomBytes, receiptOf } from "./support.ts";

const executablePath = process.env.CHROMIUM ?? "/usr/bin/chromium";
const skip = existsSync(executablePath) ? false : `there is no ${executablePath}`;
const built = process.env.UNDERSTORY_CLIENT!;

// What Intake's page will have. Only the worker's own answer may compile WebAssembly.
const pagePolicy = "default-src 'none'; script-src 'self'; worker-src 'self'";
const workerPolicy = "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'";

/** Serves the built client, and says which files were asked for; what `instead` has of a name once in its place. */
function serve(compiling: boolean, instead = new Map<string, { status: number; body: string }>()) {
  const asked: string[] = [];
  const server = createServer((request, response) => {
    const name = basename(request.url!);
    asked.push(name);
    response.setHeader("content-security-policy", compiling && name === "argon2-wasm.js" ? workerPolicy : pagePolicy);
    response.setHeader("content-type", name.endsWith(".js") ? "text/javascript" : "text/html");
    const other = instead.get(name);
    if (other) {
      instead.delete(name);
      response.statusCode = other.status;
      return response.end(other.body);
    }
    response.end(name.endsWith(".js") ? readFileSync(join(built, name)) : "<!doctype html><title>Write to us</title>");
  });
  return new Promise<{ address: string; asked: string[]; close: () => void }>((resolve) =>
    server.listen(0, "127.0.0.1", () =>
      resolve({
        address: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
        asked,
        close: () => (server.close(), server.closeAllConnections()),
      }),
    ),
  );
}

/** Runs in the page: a receipt's keys, and a message there and back. */
const visit = `async ([words, instanceId]) => {
  const client = await import("/understory.js");
  let beats = 0;
  const heart = setInterval(() => beats++, 10);
  const keys = await client.deriveReceiptKeys(words, Uint8Array.from(instanceId), client.argon2InWorker);
  clearInterval(heart);
  const made = await client.makeReceipt("uk");
  const read = await client.readReceipt(made.join(", ").toUpperCase(), "uk");
  const sealed = await client.sealMessage(new TextEncoder().encode("Мене звати Олена"), keys.recipient);
  const opened = new TextDecoder().decode(await client.openAnswer(sealed, keys.identity));
  const file = await client.sealStream(new Blob([new Uint8Array(200000).fill(5)]), keys.recipient);
  const back = await client.openStream(file, keys.identity);
  const length = (await new Response(back).arrayBuffer()).byteLength;
  return { bearer: Array.from(keys.bearer), beats, right: read.ok && read.words.join() === made.join(), opened, length };
}`;

describe("in Chromium, under a strict policy", { skip }, () => {
  const instanceId = randomBytes(32, 44);
  let words: string[];
  let bearer: string;
  before(async () => {
    words = receiptOf(await loadWords("ru"), 12)!;
    bearer = hex((await deriveReceiptKeys(words, instanceId, nobleArgon2)).bearer);
  });

  const browsers = [
    { how: "with WebAssembly", flags: [], compiling: true, workers: ["argon2-wasm.js"] },
    { how: "with WebAssembly forbidden", flags: [], compiling: false, workers: ["argon2-wasm.js", "argon2-plain.js"] },
    {
      how: "without WebAssembly or JIT",
      flags: ["--js-flags=--jitless"],
      compiling: true,
      workers: ["argon2-plain.js"],
    },
  ];
  for (const { how, flags, compiling, workers } of browsers) {
    test(how, { timeout: 120_000 }, async (t) => {
      const server = await serve(compiling);
      after(server.close);
      const browser = await chromium.launch({ executablePath, args: ["--no-sandbox", "--disable-gpu", ...flags] });
      t.after(() => browser.close());
      const page = await browser.newPage();
      await page.goto(server.address);
      const result = await page.evaluate(`(${visit})(${JSON.stringify([words, Array.from(instanceId)])})`);
      const { beats, bearer: found, ...rest } = result as { beats: number; bearer: number[] };
      assert.equal(hex(Uint8Array.from(found)), bearer);
      assert.deepEqual(rest, { right: true, opened: "Мене звати Олена", length: 200_000 });
      assert.ok(beats > 0, "the page stood still while the keys were derived");
      assert.deepEqual(
        server.asked.filter((name) => name.startsWith("argon2")),
        workers,
      );
      const lists = server.asked.filter((name) => name.startsWith("words"));
      assert.deepEqual(lists, ["words-uk.js"], `only one of ${languages.length} word lists is fetched`);
    });
  }

  test("a word list is fetched again after the line broke", { timeout: 60_000 }, async (t) => {
    const server = await serve(true, new Map([["words-uk.js", { status: 503, body: "" }]]));
    t.after(server.close);
    const browser = await chromium.launch({ executablePath, args: ["--no-sandbox", "--disable-gpu"] });
    t.after(() => browser.close());
    const page = await browser.newPage();
    await page.goto(server.address);
    const made = await page.evaluate(`import("/understory.js").then(async ({ makeReceipt }) => {
      const first = await makeReceipt("uk").then(() => "made", () => "failed");
      return [first, (await makeReceipt("uk")).length];
    })`);
    assert.deepEqual(made, ["failed", 9]);
  });

  test("a worker's file that is empty is given up, and plain script steps in", { timeout: 120_000 }, async (t) => {
    const server = await serve(true, new Map([["argon2-wasm.js", { status: 200, body: "" }]]));
    t.after(server.close);
    const browser = await chromium.launch({ executablePath, args: ["--no-sandbox", "--disable-gpu"] });
    t.after(() => browser.close());
    const page = await browser.newPage();
    await page.goto(server.address);
    const length = await page.evaluate(`import("/understory.js").then(async ({ argon2InWorker }) =>
      (await argon2InWorker(new Uint8Array(9), new Uint8Array(16))).length)`);
    assert.equal(length, 32);
    assert.deepEqual(
      server.asked.filter((name) => name.startsWith("argon2")),
      ["argon2-wasm.js", "argon2-plain.js"],
    );
  });
});
