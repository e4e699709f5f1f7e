import { lanes, memoryKiB, passes, rootLength } from "./argon2-parameters.ts";
import { argon2idPlain } from "./argon2-plain.ts";
import { answerEach } from "./argon2-worker.ts";

if (lanes !== 1) throw new Error("The plain script has one lane.");

answerEach(async (password, salt) => argon2idPlain(password, salt, { passes, memoryKiB, length: rootLength }));
