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
 * The page's policy must allow script-src and worker-src 'self' for this module's folder. `wasm-unsafe-eval` belongs
 * into the policy of the answer that carries argon2-wasm.js and nowhere else: a worker has the policy it came with.
 */
export { argon2InWorker, type Argon2 } from "./argon2.ts";
export { identityText } from "./identity.ts";
export { languages, type Language } from "./languages.ts";
export { longestMessage, MessageTooLong } from "./padding.ts";
export { deriveReceiptKeys, forgetReceiptKeys, makeReceipt, readReceipt, type ReceiptKeys } from "./receipt.ts";
export type { Problem, ReceiptRead } from "./receipt-reading.ts";
export { CannotOpen, openAnswer, openStream, sealedFileLength, sealMessage, sealStream } from "./seal.ts";
