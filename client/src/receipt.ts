/** Makes a receipt, reads one back, and derives its keys (docs/formats/receipt.md). */
import { expand } from "@noble/hashes/hkdf.js";
import { sha256 } from "@noble/hashes/sha2.js";
import type { Argon2 } from "./argon2.ts";
import { rootLength } from "./argon2-parameters.ts";
import { joined, utf8, wipe } from "./bytes.ts";
import { languages, type Language } from "./languages.ts";
import { freshEntropy, receiptLength, wordsOf } from "./receipt-bits.ts";
import { readWith, type ReceiptRead } from "./receipt-reading.ts";
import { recipientOf } from "./identity.ts";
import { loadWords } from "./words.ts";

const saltLength = 16;
const instanceIdLength = 32;
const version = 1;

export interface ReceiptKeys {
  /** 16 bytes; names the conversation at Intake. */
  lookUpId: Uint8Array;
  /** 32 bytes; shown to Intake, which keeps its SHA-256. */
  bearer: Uint8Array;
  /** 32 bytes; authenticates messages both ways. */
  conversationKey: Uint8Array;
  /** 32 bytes; the seed of the age identity that opens answers. */
  identity: Uint8Array;
  /** `age1pq1…`, to which answers are sealed. */
  recipient: string;
}

/** Nine new words. Rejects when the word list cannot be fetched. */
export async function makeReceipt(language: Language): Promise<string[]> {
  const list = await loadWords(language);
  const entropy = freshEntropy();
  const words = wordsOf(entropy, list);
  wipe(entropy);
  return words;
}

/** Without a language all three lists are fetched and tried. Rejects only when a word list cannot be fetched. */
export async function readReceipt(text: string, language?: Language): Promise<ReceiptRead> {
  return readWith(await Promise.all((language ? [language] : languages).map(loadWords)), text);
}

/**
 * The keys of a receipt. `words` are the nine words of the list that `makeReceipt` or `readReceipt` gave, `instanceId`
 * the organisation's 32 bytes. Takes as long as one Argon2id: a tenth of a second to, without WebAssembly on an old
 * phone, a minute. Rejects when there are not nine words, before any of that.
 *
 * Why this is safe: the root is uniform, so HKDF's extract step would add nothing; expanding it with different infos
 * gives keys of which none tells anything about another. The instance id in the salt makes work for one organisation
 * useless for another.
 */
export async function deriveReceiptKeys(
  words: readonly string[],
  instanceId: Uint8Array,
  argon2: Argon2,
): Promise<ReceiptKeys> {
  if (words.length !== receiptLength) throw new RangeError("A receipt has nine words.");
  if (instanceId.length !== instanceIdLength) throw new Error("An instance id has 32 bytes.");
  const password = utf8(words.join(" "));
  const salt = sha256(joined(utf8("understory/receipt\0"), Uint8Array.of(version), instanceId)).slice(0, saltLength);
  const secrets: Uint8Array[] = [password];
  try {
    const root = await argon2(password, salt);
    secrets.push(root);
    if (root.length !== rootLength) throw new Error("The root of a receipt has 32 bytes.");
    return await keysFrom(root);
  } finally {
    wipe(...secrets);
  }
}

async function keysFrom(root: Uint8Array): Promise<ReceiptKeys> {
  const key = (use: string, length: number) => expand(sha256, root, utf8(`understory/receipt/v1/${use}`), length);
  const conversationKey = key("conversation", 32);
  const identity = key("identity", 32);
  return {
    lookUpId: lookUpIdOf(conversationKey),
    bearer: key("bearer", 32),
    conversationKey,
    identity,
    recipient: await recipientOf(identity),
  };
}

/**
 * The look-up id that belongs to K. Why this is safe: Intake, which sees the id, finds no other K for it, so that nobody
 * can begin a conversation in a person's place.
 */
const lookUpIdOf = (conversationKey: Uint8Array) =>
  expand(sha256, conversationKey, utf8("understory/receipt/v1/look-up"), 16);

/** Overwrites the secret halves, as far as a script can (see `wipe`). */
export function forgetReceiptKeys(keys: ReceiptKeys): void {
  wipe(keys.lookUpId, keys.bearer, keys.conversationKey, keys.identity);
}
