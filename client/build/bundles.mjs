/** How the sources become bundles: the same for what ships and for what the tests run. */
import { readFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

export const client = dirname(dirname(fileURLToPath(import.meta.url)));

const wordFolder = join(client, "../src/Sealing/Words");

/** Makes `words:ru` and its like modules: a list's words, joined by spaces. */
export const wordLists = {
  name: "word-lists",
  setup(build) {
    build.onResolve({ filter: /^words:/ }, ({ path }) => ({ path: path.replace(":", "-"), namespace: "words" }));
    build.onLoad({ filter: /.*/, namespace: "words" }, async ({ path }) => {
      const lines = await readFile(join(wordFolder, `${path.slice("words-".length)}.txt`), "utf8");
      return { contents: `export default ${JSON.stringify(lines.trim().split("\n").join(" "))}` };
    });
  },
};

/** The pages' own script takes everything from `understory.js`, as any other page could: the module is there once. */
const fromModule = {
  name: "from-module",
  setup(build) {
    build.onResolve({ filter: /^\.\.\/index\.ts$/ }, () => ({ path: "./understory.js", external: true }));
  },
};

// es2020, as what the libraries use asks: Firefox 102, the oldest with TransformStream, and Chromium 85. Not tried there.
export const common = {
  absWorkingDir: client,
  bundle: true,
  charset: "utf8",
  legalComments: "none",
  target: "es2020",
  alias: {
    "@noble/curves/nist.js": "./src/absent/nist-curves.ts",
    "@noble/hashes/scrypt.js": "./src/absent/scrypt.ts",
  },
  loader: { ".wasm": "binary" },
  logLevel: "warning",
};

/** Writes the module, its chunks and the two workers to `outdir`; the metafiles say what was written. */
export async function bundleClient(outdir) {
  const shipped = { ...common, minify: true, outdir, metafile: true, entryNames: "[name]", chunkNames: "[name]" };
  const page = await build({
    ...shipped,
    entryPoints: { understory: "src/index.ts" },
    format: "esm",
    splitting: true,
    plugins: [wordLists],
  });
  // Workers, and what stands on every page, as scripts of the old kind: module workers came to Firefox only with version 114.
  const workers = await build({
    ...shipped,
    entryPoints: {
      "argon2-wasm": "src/argon2-wasm-worker.ts",
      "argon2-plain": "src/argon2-plain-worker.ts",
      leave: "src/pages/leave.ts",
    },
    format: "iife",
  });
  const desk = await build({ ...shipped, entryPoints: { desk: "src/desk/index.ts" }, format: "iife" });
  const pages = await build({
    ...shipped,
    entryPoints: { pages: "src/pages/pages.ts" },
    format: "esm",
    plugins: [fromModule],
  });
  const styles = await build({
    ...shipped,
    target: ["firefox102", "chrome85"],
    entryPoints: ["styles/intake.css", "styles/desk.css", "styles/icon.svg"],
    loader: { ".svg": "copy" },
  });
  return [page, workers, desk, pages, styles]
    .flatMap(({ metafile }) => Object.keys(metafile.outputs))
    .map((path) => join(client, path));
}
