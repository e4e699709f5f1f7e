/** What both workers have in common: one question, one answer. */
import type { Argon2, Argon2Answer } from "./argon2.ts";
import { wipe } from "./bytes.ts";

export function answerEach(argon2: Argon2): void {
  const say = (answer: Argon2Answer, moved: Transferable[] = []) => self.postMessage(answer, { transfer: moved });
  self.onmessage = async ({ data }: MessageEvent<{ password: Uint8Array; salt: Uint8Array }>) => {
    try {
      const computed = await argon2(data.password, data.salt);
      // A copy in a buffer of its own can be moved: of that one nothing stays here.
      const root = computed.slice();
      wipe(computed);
      say({ root }, [root.buffer]);
    } catch (fault) {
      say({ fault: String(fault) });
    } finally {
      wipe(data.password);
    }
  };
  say("ready");
}
