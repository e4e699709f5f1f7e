/**
 * The browser half of Understory, as one module: `import { … } from "./understory.js"`.
 *
 * Receipts (docs/formats/receipt.md)
 *   makeReceipt(language) → Promise<string[]>                     nine new words; language "ru", "uk" or "en"
 *   readReceipt(text, language?) → Promise<ReceiptRead>           what somebody typed: { ok: true, language, words } or
 *                                                                 { ok: false, fault, language?, count, problems }
 *   deriveReceiptKeys(words, instanceId, argon2InWorker) → Promise<ReceiptKeys>
 *                                                                 { lookUpId, bearer, conversationKey, identity: bytes,
 *                                                                   recipient: "age1pq1…" }
 *   forgetReceiptKeys(keys)                                       overwrites them
 *   argon2InWorker(password, salt) → Promise<Uint8Array>          Argon2id with a receipt's parameters
 *   identityText(identity) → "AGE-SECRET-KEY-PQ-1…"               for use with other age tools
 *
 * Sealing (age v1, mlkem768x25519; docs/formats/padding.md)
 *   sealMessage(bytes, recipient) → Promise<Uint8Array>           throws MessageTooLong beyond longestMessage
 *   sealStream(blob or stream, recipient) → Promise<ReadableStream<Uint8Array>>
 *   sealedFileLength(bytes of content) → bytes of that stream
 *   openAnswer(bytes, identity) → Promise<Uint8Array>             throws CannotOpen
 *   openStream(blob or stream, identity) → Promise<ReadableStream<Uint8Array>>
 *
 * The inbox key (docs/formats/inbox-key.md)
 *   verifyInboxKey(statement, instanceId, today) → "age1pq1…"      throws InboxKeyRefused with a fault
 *   dayOf(milliseconds) → today, as the above wants it
 *
 * A conversation (docs/formats/message.md); keys as deriveReceiptKeys gave them, inbox as verifyInboxKey did
 *   ConversationChain.begin(keys)                                  a new one
 *   ConversationChain.fromBookmark(sealed, keys) → Promise<chain>  goes on; throws CannotOpen
 *   ConversationChain.rebuild(keys)                                goes on when Intake returned no bookmark
 *   chain.sealOpening({ language, urgency, words, safely }, inbox) → Promise<Uint8Array>   throws TextTooLong
 *   chain.sealWords(words, inbox) → Promise<Uint8Array>            throws TextTooLong
 *   chain.open(sealed) → Promise<Received>                         { verdict, answer?, missing? }; never rejects
 *   chain.sealBookmark() → Promise<Uint8Array>                     what the device leaves at Intake for itself
 *   chain.sealForget(askForInbox) → Promise<Uint8Array>            "forget everything"
 *   chain.sent, .acknowledged, .received, .missing                 for "3 written, 2 received by the organisation"
 *
 * Bodies of requests to Intake and of its answers (docs/formats/intake-protocol.md); sending is the page's part
 *   submitRequest(keys, sealed, bookmark, from?) · fetchRequest(keys, after?) · forgetRequest(keys, sealed)
 *   acknowledgeRequest(keys, requestIds, bookmark, from?)          from: the sealed bookmark that the chain came from
 *   readFetched(body) → { more, bookmark?, answers } · readDone(body) · readIntakeError(body, status)
 *                                                                  throw Malformed
 *
 * The page's policy must allow script-src and worker-src 'self' for this module's folder. `wasm-unsafe-eval` belongs
 * into the policy of the answer that carries argon2-wasm.js and nowhere else: a worker has the policy it came with.
 */
export { argon2InWorker, type Argon2 } from "./argon2.ts";
export { Malformed } from "./cbor.ts";
export { ConversationChain, type Answer, type FirstWords, type Received, type Verdict } from "./conversation.ts";
export { identityText } from "./identity.ts";
export { dayOf, InboxKeyRefused, verifyInboxKey, type InboxKeyFault } from "./inbox-key.ts";
export {
  acknowledgeRequest,
  fetchRequest,
  forgetRequest,
  readDone,
  readFetched,
  readIntakeError,
  submitRequest,
  type Envelope,
  type Fetched,
  type IntakeError,
  type IntakeErrorCode,
} from "./intake.ts";
export { languages, type Language } from "./languages.ts";
export { longestSafely, longestWords, TextTooLong, type Urgency } from "./message.ts";
export { longestMessage, MessageTooLong } from "./padding.ts";
export { deriveReceiptKeys, forgetReceiptKeys, makeReceipt, readReceipt, type ReceiptKeys } from "./receipt.ts";
export type { Problem, ReceiptRead } from "./receipt-reading.ts";
export { CannotOpen, openAnswer, openStream, sealedFileLength, sealMessage, sealStream } from "./seal.ts";
