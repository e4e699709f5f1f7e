/**
 * Which Argon2id should the browser run? Measures what each candidate adds to the wire and how long one receipt takes.
 *
 *   npm run bench:argon2            the fastest of five runs each: whatever else a machine does only adds to it
 *   CHROMIUM=/path npm run bench:argon2 -- --runs=9
 *   FIREFOX=firefox-esr npm run bench:argon2        also in Firefox, plain and with the preferences of "Safer"
 *
 * Times are taken on the main thread of a page, because that is the thread that CDP's CPU throttling slows. "no JIT"
 * starts Chromium with --jitless: WebAssembly is gone and scripts are interpreted, as in the Tor Browser at "Safer".
 */
import { spawn } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import { gzipSync } from "node:zlib";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { chromium } from "playwright-core";

const here = dirname(fileURLToPath(import.meta.url));
const option = (name, otherwise) =>
  process.argv.find((argument) => argument.startsWith(`--${name}=`))?.split("=")[1] ?? otherwise;
const runs = Number(option("runs", "5"));
const candidates = option("only", "noble,own,argon2id-simd,argon2id-scalar,hash-wasm,libsodium").split(",");

const flags = [
  "--headless",
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];
// The page of a person, as strict as it can be: if a candidate runs under it, it uses no eval and no data: address.
const policy = "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; connect-src 'self'; worker-src 'self'";

async function bundle(name) {
  const { outputFiles } = await build({
    entryPoints: [join(here, "candidates", `${name}.js`)],
    bundle: true,
    format: "esm",
    minify: true,
    write: false,
    target: "es2020",
    loader: { ".wasm": "binary" },
    external: ["path", "fs", "crypto", "url", "module"],
    logLevel: "error",
  });
  return Buffer.from(outputFiles[0].contents);
}

const bundles = new Map();
for (const name of candidates) bundles.set(name, await bundle(name));

/** Runs in the page: milliseconds of start, of each run, and the root, which must be the same for all candidates. */
async function timeOf(name, times) {
  const begin = performance.now();
  const { prepare } = await import(`/${name}.js`);
  const argon2 = await prepare();
  const start = performance.now() - begin;
  const took = [];
  let root;
  for (let run = 0; run < times; run++) {
    const before = performance.now();
    root = await argon2(new TextEncoder().encode("nine words that nobody has"), new Uint8Array(16).fill(7));
    took.push(performance.now() - before);
  }
  return { start, took, root: Array.from(root, (byte) => byte.toString(16).padStart(2, "0")).join("") };
}

let reported = () => {};
const server = createServer((request, response) => {
  if (request.method === "POST") {
    let body = "";
    request.on("data", (part) => (body += part));
    request.on("end", () => {
      reported(JSON.parse(body));
      response.end();
    });
    return;
  }
  const name = request.url.slice(1).replace(/\.js$/, "");
  response.setHeader("content-security-policy", policy);
  response.setHeader("content-type", request.url.endsWith(".js") ? "text/javascript" : "text/html");
  const runner = `(${timeOf})(location.hash.slice(1), ${runs}).catch((fault) => ({ fault: String(fault) }))
    .then((result) => fetch("/result", { method: "POST", body: JSON.stringify(result) }));`;
  const page = `<!doctype html><title>bench</title>${name === "self" ? '<script src="/runner.js"></script>' : ""}`;
  response.end(name === "runner" ? runner : (bundles.get(name) ?? page));
});
await new Promise((ready) => server.listen(0, "127.0.0.1", ready));
const address = `http://127.0.0.1:${server.address().port}/`;

/** One candidate in a fresh page of Chromium. */
async function inChromium(browser, name, slowdown, times) {
  const context = await browser.newContext();
  const page = await context.newPage();
  const violations = [];
  page.on("console", (message) => {
    if (message.type() === "error" && /Content.Security/i.test(message.text())) violations.push(message.text());
  });
  await page.goto(address);
  const cdp = await context.newCDPSession(page);
  await cdp.send("Emulation.setCPUThrottlingRate", { rate: slowdown });
  try {
    const script = `(${timeOf})(${JSON.stringify(name)}, ${times})`;
    const result = await page.evaluate(script);
    return { ...result, violations };
  } catch (fault) {
    return { fault: String(fault.message).split("\n")[0].slice(0, 110), violations };
  } finally {
    await context.close();
  }
}

/** One candidate in a fresh Firefox, which runs it by itself and posts what it found. */
async function inFirefox(name, preferences) {
  const profile = await mkdtemp(join(tmpdir(), "bench-"));
  const lines = { "datareporting.policy.dataSubmissionEnabled": false, "app.update.enabled": false, ...preferences };
  const text = Object.entries(lines).map(([key, value]) => `user_pref("${key}", ${value});\n`);
  await writeFile(join(profile, "user.js"), text.join(""));
  const result = new Promise((resolve) => (reported = resolve));
  const late = new Promise((resolve) => setTimeout(resolve, 120_000, { fault: "no answer in two minutes" }).unref());
  const firefox = spawn(
    process.env.FIREFOX,
    ["--headless", "--no-remote", "--profile", profile, `${address}self#${name}`],
    { stdio: "ignore" },
  );
  const gone = new Promise((resolve) => firefox.on("exit", resolve));
  const outcome = await Promise.race([result, late]);
  firefox.kill();
  await gone;
  await rm(profile, { recursive: true, force: true, maxRetries: 5 });
  return { ...outcome, violations: [] };
}

const launch =
  (...more) =>
  () =>
    chromium.launch({ executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium", args: [...flags, ...more] });

const safer = Object.fromEntries(
  ["ion", "baselinejit", "wasm", "asmjs", "native_regexp"].map((part) => [`javascript.options.${part}`, false]),
);
const columns = [
  ["1×", launch(), (browser, name) => inChromium(browser, name, 1, runs)],
  ["4×", launch(), (browser, name) => inChromium(browser, name, 4, runs)],
  ["6×", launch(), (browser, name) => inChromium(browser, name, 6, runs)],
  ["no JIT", launch("--js-flags=--jitless"), (browser, name) => inChromium(browser, name, 1, Math.min(runs, 3))],
];
if (process.env.FIREFOX) {
  columns.push(["Firefox", undefined, (_, name) => inFirefox(name, {})]);
  columns.push(["Firefox, Safer", undefined, (_, name) => inFirefox(name, safer)]);
}
const roots = new Set();
const table = new Map(candidates.map((name) => [name, []]));
for (const [column, start, measure] of columns) {
  const browser = await start?.();
  for (const name of candidates) {
    const outcome = await measure(browser, name);
    if (outcome.root) roots.add(outcome.root);
    for (const violation of outcome.violations) console.error(`${name}, ${column}: ${violation}`);
    table
      .get(name)
      .push(
        outcome.fault
          ? { text: "does not run", why: `${column}: ${outcome.fault}` }
          : { text: `${Math.min(...outcome.took).toFixed(0)} ms`, first: outcome.start + outcome.took[0] },
      );
  }
  await browser?.close();
}
server.close();

console.log(`| candidate | gzip, bytes | ${columns.map(([column]) => column).join(" | ")} | first at 6×, with start |`);
console.log(`|---|---|${columns.map(() => "---|").join("")}---|`);
for (const name of candidates) {
  const cells = table.get(name);
  const size = gzipSync(bundles.get(name), { level: 9 }).length.toLocaleString("en");
  const first = cells[2].first ? `${cells[2].first.toFixed(0)} ms` : "—";
  console.log(`| ${name} | ${size} | ${cells.map(({ text }) => text).join(" | ")} | ${first} |`);
}
for (const name of candidates) for (const { why } of table.get(name)) if (why) console.log(`${name}: ${why}`);
console.log(roots.size === 1 ? "all candidates agree" : `CANDIDATES DISAGREE: ${[...roots].join(" ")}`);
process.exitCode = roots.size === 1 ? 0 : 1;
