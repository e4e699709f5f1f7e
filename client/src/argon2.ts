/** Argon2id off the page's own thread, compiled where the browser allows it (docs/decisions/0002). */

/** Argon2id with the parameters of a receipt: 32 bytes from a password and a salt of 16. */
export type Argon2 = (password: Uint8Array, salt: Uint8Array) => Promise<Uint8Array>;

/** What a worker answers. */
export type Argon2Answer = { root: Uint8Array<ArrayBuffer> } | { fault: string };

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

function answerOf(script: string, password: Uint8Array, salt: Uint8Array): Promise<Uint8Array> {
  const worker = new Worker(new URL(script, import.meta.url));
  return new Promise<Uint8Array>((resolve, reject) => {
    worker.onmessage = ({ data }: MessageEvent<Argon2Answer>) =>
      "root" in data ? resolve(data.root) : reject(new Error(data.fault));
    worker.onerror = (event) => {
      event.preventDefault();
      reject(new Error("The worker did not start."));
    };
    // The copy moves to the worker, which overwrites it; the caller overwrites its own.
    const copy = password.slice();
    worker.postMessage({ password: copy, salt }, [copy.buffer]);
  }).finally(() => worker.terminate());
}
