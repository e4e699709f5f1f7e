/** Asking for help, sealed on this device. */
import {
  argon2InWorker,
  ConversationChain,
  deriveReceiptKeys,
  forgetReceiptKeys,
  makeReceipt,
  readDone,
  submitRequest,
  TextTooLong,
  type Urgency,
} from "../index.ts";
import type { Bytes } from "../bytes.ts";
import { field, fillNine, language, say, screen, show, showFaults } from "./dom.ts";
import { checkedInbox, instanceId, takeOver } from "./device.ts";
import { ask } from "./server.ts";
import { areTyped } from "./typed.ts";

/** Something sealed and not yet taken: another attempt sends the same bytes, so that it is stored once. */
interface Attempt {
  said: string;
  words: string[];
  body: Bytes;
}

export function askPage(form: HTMLFormElement): void {
  let attempt: Attempt | undefined;
  takeOver(form, async () => {
    const first = {
      words: field("words").value,
      safely: field("safely").value,
      urgency: Number(new FormData(form).get("urgency") ?? 0) as Urgency,
    };
    if (first.words.trim() === "") return showFaults([{ field: "words", sentence: say("words-empty") }]);
    const said = JSON.stringify(first);
    try {
      if (attempt?.said !== said) attempt = { said, ...(await sealed(first)) };
    } catch (fault) {
      if (!(fault instanceof TextTooLong)) throw fault;
      return showFaults([{ field: "words", sentence: say("too-long") }]);
    }
    readDone(await ask("/v1/submit", attempt.body));
    keep(attempt.words);
  });
}

async function sealed(first: { words: string; safely: string; urgency: Urgency }): Promise<Omit<Attempt, "said">> {
  const inbox = await checkedInbox();
  const words = await makeReceipt(language);
  const keys = await deriveReceiptKeys(words, instanceId, argon2InWorker);
  try {
    const chain = ConversationChain.begin(keys);
    const opening = await chain.sealOpening({ language, ...first }, inbox);
    return { words, body: submitRequest(keys, opening, await chain.sealBookmark()) };
  } finally {
    forgetReceiptKeys(keys);
  }
}

function keep(words: readonly string[]): void {
  const kept = screen("kept");
  fillNine(kept, words);
  show(kept);
  takeOver(document.querySelector<HTMLFormElement>('form[data-form="check"]')!, async () => {
    if (await areTyped("typed", field("typed").value, words)) show(screen("done"));
  });
}
