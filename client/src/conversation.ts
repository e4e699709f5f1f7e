/**
 * The person's side of a conversation: writes what goes out, judges what comes in (docs/formats/message.md). What it
 * remembers is left at Intake as a bookmark; the person keeps the receipt and nothing else.
 */
import { sha256 } from "@noble/hashes/sha2.js";
import { wipe } from "./bytes.ts";
import { cborBytes, cborList, cborNull, cborNumber } from "./cbor.ts";
import { ChainState } from "./chain-state.ts";
import { publicKeyOf, recipientText } from "./identity.ts";
import type { Language } from "./languages.ts";
import {
  conversationLength,
  readContent,
  same,
  splitTag,
  tagOf,
  withTag,
  writeContent,
  type Body,
  type Content,
  type Urgency,
} from "./message.ts";
import type { ReceiptKeys } from "./receipt.ts";
import { CannotOpen, openAnswer, sealMessage } from "./seal.ts";

const saltLength = 16;

export type Verdict =
  /** the next message, as it was written */
  | "genuine"
  /** genuine, and messages before it did not arrive */
  | "missing"
  /** genuine, one that had been missing */
  | "reordered"
  /** it arrived before */
  | "replayed"
  /** genuine, from so long ago that nobody can tell whether it arrived before */
  | "late"
  /** written by the organisation, and something shows that an older state was handed to it or to us */
  | "rolled-back"
  | "another-conversation"
  /** the person's own message, sent back */
  | "wrong-direction"
  /** cannot be opened, or was not written by the organisation */
  | "tampered";

export interface Answer {
  sequence: number;
  words: string;
  /** The highest of the person's messages that the organisation has received. */
  seen: number;
  /** How many below that it has not. */
  lacking: number;
}

export interface Received {
  verdict: Verdict;
  /** What the organisation wrote; absent when it did not. */
  answer?: Answer;
  missing?: { from: number; to: number };
}

export interface FirstWords {
  language: Language;
  /** not said, can wait, this week, today */
  urgency: Urgency;
  words: string;
  /** Where and how it is safe to answer. */
  safely: string;
}

export class ConversationChain {
  private constructor(
    private readonly keys: ReceiptKeys,
    private readonly state: ChainState,
  ) {}

  /** A new conversation. The keys stay the caller's, who must not forget them before the chain. */
  static begin(keys: ReceiptKeys): ConversationChain {
    const chain = new ConversationChain(keys, new ChainState());
    chain.state.conversation = crypto.getRandomValues(new Uint8Array(conversationLength));
    return chain;
  }

  /**
   * When Intake returned no bookmark: the first genuine answer names the conversation and says how many messages were
   * written, and is judged "rolled-back" for it.
   */
  static rebuild(keys: ReceiptKeys): ConversationChain {
    return new ConversationChain(keys, new ChainState());
  }

  /** Throws CannotOpen for a bookmark that was changed, made up, or is another person's. */
  static async fromBookmark(sealed: Uint8Array, keys: ReceiptKeys): Promise<ConversationChain> {
    const opened = await openAnswer(sealed, keys.identity);
    try {
      const [content, tag] = splitTag(opened);
      if (!same(tag, tagOf(keys.conversationKey, "bookmark", content))) throw new CannotOpen();
      return new ConversationChain(keys, ChainState.read(content));
    } catch {
      throw new CannotOpen();
    }
  }

  /** From a state without its seal: for tests. */
  static fromState(state: Uint8Array, keys: ReceiptKeys): ConversationChain {
    return new ConversationChain(keys, ChainState.read(state));
  }

  /** How many messages the person has written. */
  get sent(): number {
    return this.state.sent;
  }

  /** How many of them the organisation has said that it received, up to the highest. */
  get acknowledged(): number {
    return this.state.acknowledged;
  }

  get received(): number {
    return this.state.received;
  }

  /** Answers that are known to be missing. */
  get missing(): { from: number; to: number }[] {
    return this.state.missing;
  }

  toBytes(): Uint8Array {
    return this.state.toBytes();
  }

  /**
   * The first message, sealed to the checked recipient of the inbox key. Throws TextTooLong.
   *
   * What was sealed counts as sent, here and below: send it, the same bytes at every attempt, or throw the chain away.
   */
  async sealOpening(first: FirstWords, inbox: string): Promise<Uint8Array> {
    if (this.state.sent > 0) throw new Error("The conversation was opened before.");
    const { conversationKey, recipient } = this.keys;
    const own = publicKeyOf(recipient);
    return this.seal({ kind: "opening", key: conversationKey, recipient: own, ...first }, inbox);
  }

  /** What the person says next, sealed to this conversation's recipient, or to the inbox's until one is known. */
  async sealWords(words: string, inbox: string): Promise<Uint8Array> {
    if (this.state.sent === 0) throw new Error("The conversation was not opened.");
    return this.seal({ kind: "words", words }, this.recipientOr(inbox));
  }

  /** The state, sealed to the person's own recipient, for Intake to keep. It holds no word of anyone's. */
  async sealBookmark(): Promise<Uint8Array> {
    const state = this.toBytes();
    const message = withTag(state, tagOf(this.keys.conversationKey, "bookmark", state));
    return sealMessage(message, this.keys.recipient);
  }

  /**
   * "Forget everything", as the organisation can believe it. The inbox is asked for only where the conversation has no
   * recipient of its own yet: who was answered can have all deleted when the inbox key has run out.
   */
  async sealForget(inbox: () => Promise<string>): Promise<Uint8Array> {
    const content = cborList(
      cborNumber(1),
      cborBytes(this.keys.lookUpId),
      this.state.conversation ? cborBytes(this.state.conversation) : cborNull,
      cborBytes(crypto.getRandomValues(new Uint8Array(saltLength))),
    );
    const notice = withTag(content, tagOf(this.keys.conversationKey, "forget", content));
    return sealMessage(notice, this.recipientOr(this.state.recipient ? "" : await inbox()));
  }

  /** Opens and judges an answer. Never rejects for it, whatever it is. */
  async open(sealed: Uint8Array): Promise<Received> {
    try {
      return this.judge(await openAnswer(sealed, this.keys.identity));
    } catch {
      return { verdict: "tampered" };
    }
  }

  /** Judges what was unsealed. Throws Malformed. */
  judge(message: Uint8Array): Received {
    const [content, tag] = splitTag(message);
    const read = readContent(content);
    const { conversation } = this.state;
    if (conversation && !same(conversation, read.conversation)) return { verdict: "another-conversation" };
    const isRight = (use: "to-desk" | "to-person") => same(tag, tagOf(this.keys.conversationKey, use, content));
    if (read.body.kind !== "answer" || !isRight("to-person"))
      return { verdict: isRight("to-desk") ? "wrong-direction" : "tampered" };
    if (read.body.recipient) recipientText(read.body.recipient);
    const { sequence, seen, lacking, previous } = read;
    const answer = { sequence, words: read.body.words, seen, lacking };
    const hash = sha256(message);
    if (sequence > this.state.received) return this.judgeNew(read, hash, answer);
    if (this.state.isMissing(sequence)) {
      this.state.name(read.body.recipient, sequence);
      return { verdict: this.state.fill(sequence, hash, previous) ? "reordered" : "rolled-back", answer };
    }
    const known = this.state.remembers(sequence, hash);
    return { verdict: known === undefined ? "late" : known ? "replayed" : "rolled-back", answer };
  }

  private judgeNew(read: Content, hash: Uint8Array, answer: Answer): Received {
    const { state } = this;
    const { sequence, seen, seenHash, previous } = read;
    const next = state.received + 1;
    const missing = sequence > next ? { from: next, to: sequence - 1 } : undefined;
    const joins = missing !== undefined || same(previous, state.receivedHash);
    const knowsMore = seen > state.sent || (seen === state.sent && !same(seenHash, state.sentHash));
    const rolledBack = !joins || knowsMore || seen < state.acknowledged;

    state.conversation ??= read.conversation;
    state.advance(sequence, hash, previous);
    state.acknowledged = Math.max(state.acknowledged, seen);
    if (read.body.kind === "answer") state.name(read.body.recipient, sequence);
    // What the organisation has of ours is what was: writing on from less would repeat a sequence.
    if (knowsMore) [state.sent, state.sentHash] = [seen, seenHash];
    const verdict = rolledBack ? "rolled-back" : missing ? "missing" : "genuine";
    return { verdict, answer, ...(missing && { missing }) };
  }

  private recipientOr(inbox: string): string {
    return this.state.recipient ? recipientText(this.state.recipient) : inbox;
  }

  private async seal(body: Body, recipient: string): Promise<Uint8Array> {
    const { state, keys } = this;
    if (!state.conversation) throw new Error("It is not known which conversation this is.");
    const content = writeContent({
      direction: "to-desk",
      conversation: state.conversation,
      sequence: state.sent + 1,
      previous: state.sentHash,
      seen: state.received,
      seenHash: state.receivedHash,
      lacking: state.lacking,
      // Why this is safe: random in each message, so that its hash, which others keep, tells nothing of short words.
      salt: crypto.getRandomValues(new Uint8Array(saltLength)),
      body,
    });
    const message = withTag(content, tagOf(keys.conversationKey, "to-desk", content));
    // Before anything is waited for: two calls at once must not take the same place.
    state.sent++;
    state.sentHash = sha256(message);
    try {
      return await sealMessage(message, recipient);
    } finally {
      wipe(content, message);
    }
  }
}
