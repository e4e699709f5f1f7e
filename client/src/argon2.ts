/** Argon2id off the page's own thread, compiled where the browser allows it (docs/decisions/0002). */
import { wipe } from "./bytes.ts";

/** Argon2id with the parameters of a receipt: 32 bytes from a password and a salt of 16. */
export type Argon2 = (password: Uint8Array, salt: Uint8Array) => Promise<Uint8Array>;

/** What a worker says: that it listens, and then one answer. */
export type Argon2Answer = "ready" | { root: Uint8Array<ArrayBuffer> } | { fault: string };

/** An empty file is a worker too, and says nothing for ever. Computing may take long; loading a few kilobytes may not. */
const longestStart = 15_000;

/**
 * Tries WebAssembly and, where that is off or forbidden, plain script. Rejects only when neither worker can run.
 *
 * Why this is safe: both workers compute the same function with the same constants, so it tells nobody anything about
 * the words which of them ran. A worker is ended after one answer, and its memory goes with it.
 */
export const argon2InWorker: Argon2 = async (password, salt) => {
  if (typeof WebAssembly === "object") {
    try {
      return await answerOf("./argon2-wasm.js", password, salt);
    } catch {
      // A policy forbids compiling, or there is no memory in one piece: the plain script asks for neither.
    }
  }
  return answerOf("./argon2-plain.js", password, salt);
};

async function answerOf(script: string, password: Uint8Array, salt: Uint8Array): Promise<Uint8Array> {
  const worker = new Worker(new URL(script, import.meta.url));
  // Moves to the worker, which overwrites it; the caller overwrites its own.
  const copy = password.slice();
  let clock: ReturnType<typeof setTimeout> | undefined;
  try {
    return await new Promise<Uint8Array>((resolve, reject) => {
      clock = setTimeout(() => reject(new Error("The worker did not start in time.")), longestStart);
      worker.onmessage = ({ data }: MessageEvent<Argon2Answer>) => {
        try {
          if (data !== "ready") return "root" in data ? resolve(data.root) : reject(new Error(data.fault));
          clearTimeout(clock);
          worker.postMessage({ password: copy, salt }, [copy.buffer]);
        } catch (fault) {
          reject(fault);
        }
      };
      worker.onmessageerror = () => reject(new Error("The worker's answer could not be read."));
      worker.onerror = (event) => {
        event.preventDefault();
        reject(new Error("The worker did not start."));
      };
    });
  } finally {
    clearTimeout(clock);
    worker.terminate();
    wipe(copy);
  }
}
