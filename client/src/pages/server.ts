/** Asks Intake. Nothing of anyone's stands in an address or a header. */
import { readIntakeError, type IntakeErrorCode } from "../index.ts";
import type { Bytes } from "../bytes.ts";

/** Why Intake did not do what it was asked; "unreachable": no answer; "strange": not one of Intake's. */
export class Refused extends Error {
  constructor(readonly code: IntakeErrorCode | "unreachable" | "strange") {
    super(`Refused: ${code}.`);
  }
}

/** The body of an answer. Throws Refused. */
export async function ask(path: string, body?: Bytes): Promise<Uint8Array> {
  let response: Response;
  let answer: Uint8Array;
  try {
    response = await fetch(path, {
      method: body ? "POST" : "GET",
      credentials: "omit",
      cache: "no-store",
      redirect: "error",
      referrerPolicy: "no-referrer",
      ...(body && { body, headers: { "content-type": "application/octet-stream" } }),
    });
    answer = new Uint8Array(await response.arrayBuffer());
  } catch {
    throw new Refused("unreachable");
  }
  if (response.status === 200) return answer;
  throw new Refused(codeOf(answer, response.status));
}

function codeOf(body: Uint8Array, status: number): IntakeErrorCode | "strange" {
  try {
    return readIntakeError(body, status).code;
  } catch {
    return "strange";
  }
}
