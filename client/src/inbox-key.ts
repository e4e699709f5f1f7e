/** Checks that the week's recipient is the organisation's, from the instance id that the page knows (docs/formats/inbox-key.md). */
import { ed25519 } from "@noble/curves/ed25519.js";
import { sha256 } from "@noble/hashes/sha2.js";
import { joined, utf8 } from "./bytes.ts";
import { recipientText } from "./identity.ts";
import { same } from "./message.ts";

const length = 1_425;
const certificateUnsigned = 73;
const certificateLength = 137;
const recipientAt = 145;
const unsigned = 1_361;
const mostDaysOfCoordinator = 800;
const mostDaysOfRecipient = 35;

export type InboxKeyFault =
  "malformed" | "another-instance" | "not-signed-by-root" | "not-signed-by-coordinator" | "not-yet-valid" | "expired";

export class InboxKeyRefused extends Error {
  constructor(readonly fault: InboxKeyFault) {
    super(`The inbox key is refused: ${fault}.`);
  }
}

/** Days since 1970-01-01 (UTC), of a time in milliseconds such as Date.now(). */
export const dayOf = (milliseconds: number): number => Math.floor(milliseconds / 86_400_000);

/**
 * The recipient, `age1pq1…`. `instanceId` must come with the page and not with the statement; `today` counts days since
 * 1970-01-01. Throws InboxKeyRefused.
 *
 * Why this is safe: the root is named by its hash, each signature has a label of its own, and the coordinator's covers
 * all before it, so that nothing can be moved from one chain to another.
 */
export function verifyInboxKey(statement: Uint8Array, instanceId: Uint8Array, today: number): string {
  const refuse = (fault: InboxKeyFault): never => {
    throw new InboxKeyRefused(fault);
  };
  if (statement.length !== length || statement[0] !== 1) refuse("malformed");
  const view = new DataView(statement.buffer, statement.byteOffset, statement.byteLength);
  const coordinator = daysAt(view, 65, mostDaysOfCoordinator);
  const week = daysAt(view, certificateLength, mostDaysOfRecipient);
  const recipient = readRecipient(statement.subarray(recipientAt, unsigned));
  if (!coordinator || !week || !recipient) return refuse("malformed");

  const root = statement.subarray(1, 33);
  if (!same(sha256(root), instanceId)) refuse("another-instance");
  const byRoot = joined(utf8("understory/coordinator/v1\0"), statement.subarray(0, certificateUnsigned));
  if (!verifies(root, byRoot, statement.subarray(certificateUnsigned, certificateLength))) refuse("not-signed-by-root");
  const byCoordinator = joined(utf8("understory/inbox-key/v1\0"), statement.subarray(0, unsigned));
  if (!verifies(statement.subarray(33, 65), byCoordinator, statement.subarray(unsigned)))
    refuse("not-signed-by-coordinator");
  if (today < coordinator.first || today < week.first) refuse("not-yet-valid");
  if (today > coordinator.last || today > week.last) refuse("expired");
  return recipient;
}

function daysAt(view: DataView, at: number, most: number): { first: number; last: number } | undefined {
  const first = view.getInt32(at);
  const last = view.getInt32(at + 4);
  return first >= 0 && last >= first && last - first < most ? { first, last } : undefined;
}

function readRecipient(publicKey: Uint8Array): string | undefined {
  try {
    return recipientText(publicKey);
  } catch {
    return undefined;
  }
}

// Strict, as libsodium is at the Desk: RFC 8032 and not ZIP 215. The library throws for keys that are no points.
function verifies(key: Uint8Array, message: Uint8Array, signature: Uint8Array): boolean {
  try {
    return ed25519.verify(signature, message, key, { zip215: false });
  } catch {
    return false;
  }
}
