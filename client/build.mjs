/** Builds ../out/client and holds it to a budget: what a phone loads to seal one message in one language. */
import { mkdir, readFile, rm } from "node:fs/promises";
import { basename, join } from "node:path";
import { gzipSync } from "node:zlib";
import { bundleClient, client } from "./build/bundles.mjs";

/**
 * Gzipped bytes of module, one word list (the largest) and the WebAssembly worker: some 3 % above what was reached.
 * Of it 8,300 are Ed25519 (verification of the inbox key; the pages cannot count on the browser's own), and 4,300
 * conversations and what is said to Intake; 4,100 are the pages' own script: what the server does for a browser without
 * scripts, it does on the device.
 */
const budget = 61_500;

const out = join(client, "../out/client");

await rm(out, { recursive: true, force: true });
await mkdir(out, { recursive: true });
const files = await bundleClient(out);

const sizes = new Map();
for (const file of files) {
  const bytes = await readFile(file);
  sizes.set(basename(file), { plain: bytes.length, gzip: gzipSync(bytes, { level: 9 }).length });
}
for (const [name, { plain, gzip }] of [...sizes].sort())
  console.log(`${name.padEnd(20)} ${String(plain).padStart(8)} ${String(gzip).padStart(8)} gzip`);

/** Gzipped bytes of what staff load with their first page. */
const deskBudget = { "desk.js": 2_000, "desk.css": 6_000 };

const isList = (name) => name.startsWith("words-");
const always = [...sizes].filter(
  ([name]) => name.endsWith(".js") && !isList(name) && name !== "argon2-plain.js" && !(name in deskBudget),
);
const lists = [...sizes].filter(([name]) => isList(name));
const total = always.reduce((sum, [, { gzip }]) => sum + gzip, 0) + Math.max(...lists.map(([, { gzip }]) => gzip));
console.log(`${"one language".padEnd(29)} ${String(total).padStart(8)} gzip of ${budget}`);
for (const [name, most] of Object.entries(deskBudget)) {
  if (sizes.get(name).gzip <= most) continue;
  console.error(`${name} has more than ${most} bytes: see what grew, or raise it in build.mjs and say why.`);
  process.exitCode = 1;
}
if (total > budget) {
  console.error("The budget is exceeded: see which module grew, or raise it in build.mjs and say why.");
  process.exitCode = 1;
}
