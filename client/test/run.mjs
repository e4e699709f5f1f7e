/** Bundles the tests as the product is bundled, stand-ins and all, and gives them to node's test runner. */
import { spawnSync } from "node:child_process";
import { mkdir, mkdtemp, readdir, rm } from "node:fs/promises";
import { basename, join } from "node:path";
import { build } from "esbuild";
import { bundleClient, client, common, wordLists } from "../build/bundles.mjs";

const only = process.argv.slice(2);
// Below node_modules, so that what is not bundled is found.
const cache = join(client, "node_modules/.cache");
await mkdir(cache, { recursive: true });
const out = await mkdtemp(join(cache, "test-"));
try {
  const tests = (await readdir(join(client, "test")))
    .filter((name) => name.endsWith(".test.ts"))
    .filter((name) => only.length === 0 || only.some((part) => name.includes(part)));
  await build({
    ...common,
    target: "node20",
    entryPoints: tests.map((name) => join("test", name)),
    outdir: out,
    outExtension: { ".js": ".mjs" },
    format: "esm",
    platform: "node",
    external: ["playwright-core"],
    splitting: true,
    plugins: [wordLists],
  });
  await bundleClient(join(out, "client"));
  const { status } = spawnSync(
    process.execPath,
    ["--test", ...tests.map((name) => join(out, basename(name, ".ts") + ".mjs"))],
    { cwd: client, stdio: "inherit", env: { ...process.env, UNDERSTORY_CLIENT: join(out, "client") } },
  );
  process.exitCode = status ?? 1;
} finally {
  await rm(out, { recursive: true, force: true });
}
