/** Coming back with the nine words: read, write more, have everything deleted; opened and sealed on this device. */
import {
  acknowledgeRequest,
  argon2InWorker,
  ConversationChain,
  deriveReceiptKeys,
  fetchRequest,
  forgetReceiptKeys,
  forgetRequest,
  readDone,
  readFetched,
  submitRequest,
  TextTooLong,
  type Received,
  type ReceiptKeys,
} from "../index.ts";
import type { Bytes } from "../bytes.ts";
import { copyOf, field, fill, part, say, screen, show, showFaults } from "./dom.ts";
import { checkedInbox, instanceId, takeOver } from "./device.ts";
import { ask, Refused } from "./server.ts";
import { typedWords } from "./typed.ts";

const mostAcknowledged = 16;
const mostFetches = 40;

export function returnPage(form: HTMLFormElement): void {
  takeOver(form, async () => {
    const words = await typedWords("receipt", field("receipt").value);
    if (!words) return;
    const keys = await deriveReceiptKeys(words, instanceId, argon2InWorker);
    // Also where the browser keeps the page whole, to show it again: leave.ts empties it, this wipes what opens answers.
    addEventListener("pagehide", () => forgetReceiptKeys(keys));
    await new Visit(keys).open();
  });
}

const formOf = (name: string) => document.querySelector<HTMLFormElement>(`form[data-form="${name}"]`)!;

/** Something sealed and not yet taken: another attempt sends the same bytes, so that it is stored once. */
interface Attempt {
  said: string;
  body: Bytes;
  bookmark: Uint8Array;
}

/** Somebody with their keys, for as long as this page lives. */
class Visit {
  private chain: ConversationChain;
  private from: Uint8Array | undefined;
  private bookmarkRefused = false;
  /** What Intake was seen to keep: whatever is less, later in this visit, is an older state. */
  private kept = { sent: 0, received: 0, acknowledged: 0 };
  private rolledBack = false;
  private after: Uint8Array | undefined;
  private more = false;
  private lacking = 0;
  private attempt: Attempt | undefined;

  constructor(private readonly keys: ReceiptKeys) {
    this.chain = ConversationChain.rebuild(keys);
  }

  /** Fetches, opens, shows; then, and only then, says to Intake what was shown. Or goes on where a page was full. */
  async open(isSent = false, goesOn = false): Promise<void> {
    const opened: { requestId: Uint8Array; received: Received }[] = [];
    if (!goesOn) this.after = undefined;
    this.more = true;
    for (let fetches = 0; this.more && fetches < mostFetches; fetches++) {
      const fetched = readFetched(await ask("/v1/fetch", fetchRequest(this.keys, this.after)));
      if (!goesOn && fetches === 0) await this.begin(fetched.bookmark);
      for (const { requestId, sealed } of fetched.answers) {
        opened.push({ requestId, received: await this.openOne(sealed) });
        this.after = requestId;
      }
      this.more = fetched.more;
    }
    this.show(
      opened.map(({ received }) => received),
      isSent,
    );
    await painted();
    await this.acknowledge(opened.filter(({ received }) => received.answer && received.verdict !== "replayed"));
  }

  private async begin(bookmark: Uint8Array | undefined): Promise<void> {
    this.from = bookmark;
    this.lacking = 0;
    this.bookmarkRefused = false;
    try {
      if (!bookmark) throw new Error("There is no bookmark.");
      this.chain = await ConversationChain.fromBookmark(bookmark, this.keys);
    } catch {
      this.bookmarkRefused = true;
      this.chain = ConversationChain.rebuild(this.keys);
    }
    const { sent, received, acknowledged } = this.chain;
    const { kept } = this;
    this.rolledBack ||= sent < kept.sent || received < kept.received || acknowledged < kept.acknowledged;
    this.keep();
  }

  /** Notes the chain's state, once Intake has its bookmark. */
  private keep(): void {
    const { sent, received, acknowledged } = this.chain;
    this.kept = { sent, received, acknowledged };
  }

  private async openOne(sealed: Uint8Array): Promise<Received> {
    const received = await this.chain.open(sealed);
    if (received.answer && received.answer.seen >= this.chain.acknowledged) this.lacking = received.answer.lacking;
    return received;
  }

  private async acknowledge(opened: { requestId: Uint8Array }[]): Promise<void> {
    if (this.chain.sent === 0) return;
    try {
      for (let at = 0; at < opened.length; at += mostAcknowledged) {
        const some = opened.slice(at, at + mostAcknowledged).map(({ requestId }) => requestId);
        const bookmark = await this.chain.sealBookmark();
        readDone(await ask("/v1/acknowledge", acknowledgeRequest(this.keys, some, bookmark, this.from)));
        this.from = bookmark;
        this.keep();
      }
    } catch {
      // They are shown again next time.
    }
  }

  private show(received: Received[], isSent: boolean): void {
    const page = screen("conversation");
    const { sent, acknowledged, missing } = this.chain;
    if (!isSent) part("sent", page)?.remove();
    if (!this.bookmarkRefused && !this.rolledBack) part("bookmark", page)?.remove();
    if (!this.more) part("on", page)?.remove();
    const counts = part("counts", page)!;
    counts.textContent = fill(counts.textContent ?? "", {
      written: sent,
      received: Math.max(0, acknowledged - this.lacking),
    });
    const answers = part("answers", page)!;
    if (received.length > 0) part("none", page)?.remove();
    const lost = part("missing", page)!;
    if (missing.length === 0) lost.remove();
    lost.textContent = fill(lost.textContent ?? "", {
      numbers: missing.map(({ from, to }) => (from === to ? from : `${from}–${to}`)).join(", "),
    });
    for (const { verdict, answer } of received) {
      const one = copyOf(`template[data-verdict="${verdict}"]`, page);
      const words = one.querySelector("[data-words]");
      if (words) words.textContent = answer?.words ?? "";
      const heading = one.querySelector("h2");
      if (heading) heading.textContent = fill(heading.textContent ?? "", { n: answer?.sequence ?? "" });
      if (lost.parentNode) lost.before(one);
      else answers.append(one);
    }
    const canWrite = sent > 0;
    if (!canWrite) page.querySelector('form[data-form="more"]')?.remove();
    show(page);
    if (canWrite) takeOver(formOf("more"), () => this.write());
    if (this.more) takeOver(formOf("on"), () => this.open(false, true));
    takeOver(formOf("forget"), () => Promise.resolve(this.askToForget()));
  }

  private async write(): Promise<void> {
    const words = field("more").value;
    if (words.trim() === "") return showFaults([{ field: "more", sentence: say("more-empty") }]);
    try {
      if (this.attempt?.said !== words) this.attempt = await this.attemptOf(words);
    } catch (fault) {
      if (!(fault instanceof TextTooLong)) throw fault;
      return showFaults([{ field: "more", sentence: say("too-long") }]);
    }
    try {
      readDone(await ask("/v1/submit", this.attempt.body));
    } catch (fault) {
      if (!(fault instanceof Refused) || fault.code !== "conflict") throw fault;
      // Another tab wrote meanwhile: from its bookmark on, once.
      this.attempt = await this.attemptOf(words);
      readDone(await ask("/v1/submit", this.attempt.body));
    }
    this.from = this.attempt.bookmark;
    this.attempt = undefined;
    this.keep();
    await this.open(true);
  }

  private async attemptOf(words: string): Promise<Attempt> {
    // What was sealed and perhaps not taken counts as sent in the chain: it is thrown away, and begun from the bookmark.
    if (this.attempt) await this.begin(readFetched(await ask("/v1/fetch", fetchRequest(this.keys))).bookmark);
    const sealed = await this.chain.sealWords(words, await checkedInbox());
    const bookmark = await this.chain.sealBookmark();
    return { said: words, body: submitRequest(this.keys, sealed, bookmark, this.from), bookmark };
  }

  private askToForget(): void {
    show(screen("forget"));
    takeOver(formOf("forget-really"), () => this.forget());
    takeOver(formOf("back"), () => this.open());
  }

  private async forget(): Promise<void> {
    const notice = await this.chain.sealForget(checkedInbox);
    readDone(await ask("/v1/forget", forgetRequest(this.keys, notice)));
    forgetReceiptKeys(this.keys);
    show(screen("forgotten"));
  }
}

/** When what was shown has reached the screen, as far as a page can know. */
const painted = (): Promise<void> =>
  new Promise((resolve) => {
    // A tab in the background paints nothing, and its owner has not read.
    requestAnimationFrame(() => setTimeout(resolve));
  });
