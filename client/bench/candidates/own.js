import { argon2idPlain } from "../../src/argon2-plain.ts";
import { passes, memoryKiB, rootLength } from "../../src/argon2-parameters.ts";

export const prepare = async () => (password, salt) =>
  argon2idPlain(password, salt, { passes, memoryKiB, length: rootLength });
