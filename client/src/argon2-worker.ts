/** What both workers have in common: one question, one answer. */
import type { Argon2, Argon2Answer } from "./argon2.ts";
import { wipe } from "./bytes.ts";

export function answerEach(argon2: Argon2): void {
  self.onmessage = async ({ data }: MessageEvent<{ password: Uint8Array; salt: Uint8Array }>) => {
    let answer: Argon2Answer;
    try {
      answer = { root: (await argon2(data.password, data.salt)).slice() };
    } catch (fault) {
      answer = { fault: String(fault) };
    }
    wipe(data.password);
    // Moved, not copied: nothing of it stays here.
    self.postMessage(answer, { transfer: "root" in answer ? [answer.root.buffer] : [] });
  };
}
