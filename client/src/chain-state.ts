/** What the person's side of a conversation remembers of it (docs/formats/message.md, State). It holds no key. */
import { cborBytes, cborList, cborNull, cborNumber, CborReader, Malformed } from "./cbor.ts";
import { joined, type Bytes } from "./bytes.ts";
import { conversationLength, hashLength, highestSequence, publicKeyLength, same } from "./message.ts";

const version = 1;
const toDesk = 1;
const markLength = 8;
const mostRecent = 48;
const mostMissing = 8;
const longest = 2_047 - 32 - 9;

/** Sequences that are missing, and the mark of the last of them as the message after it named it. */
interface Gap {
  from: number;
  to: number;
  mark: Uint8Array;
}

const unknown = new Uint8Array(markLength);
const markOf = (hash: Uint8Array): Uint8Array => hash.slice(0, markLength);
const isKnown = (mark: Uint8Array): boolean => !same(mark, unknown);

export class ChainState {
  conversation: Uint8Array | undefined;
  sent = 0;
  sentHash: Uint8Array = new Uint8Array(hashLength);
  received = 0;
  receivedHash: Uint8Array = new Uint8Array(hashLength);
  acknowledged = 0;
  recipient: Uint8Array | undefined;
  /** Of `received`, of the one before, and so on. */
  private recent: Uint8Array[] = [];
  private gaps: Gap[] = [];

  get missing(): { from: number; to: number }[] {
    return this.gaps.map(({ from, to }) => ({ from, to }));
  }

  get lacking(): number {
    return this.gaps.reduce((sum, { from, to }) => sum + to - from + 1, 0);
  }

  isMissing(sequence: number): boolean {
    return this.gaps.some((gap) => holds(gap, sequence));
  }

  /** Whether this is what was received there; undefined when that is not remembered. */
  remembers(sequence: number, hash: Uint8Array): boolean | undefined {
    const mark = this.recent[this.received - sequence];
    return mark && isKnown(mark) ? same(mark, markOf(hash)) : undefined;
  }

  /** Takes over a message with a sequence above all that were received. */
  advance(sequence: number, hash: Uint8Array, previous: Uint8Array): void {
    const steps = sequence - this.received;
    if (steps > 1) this.note({ from: this.received + 1, to: sequence - 1, mark: markOf(previous) });
    const passed = Array.from({ length: Math.min(steps - 1, mostRecent) }, () => unknown);
    this.recent = [markOf(hash), ...passed, ...this.recent].slice(0, mostRecent);
    this.received = sequence;
    this.receivedHash = hash;
  }

  /** Takes over a message that was missing. Whether it joins its neighbours, as far as they are known. */
  fill(sequence: number, hash: Uint8Array, previous: Uint8Array): boolean {
    const gap = this.gaps.find((gap) => holds(gap, sequence))!;
    const joinsNext = sequence < gap.to || same(gap.mark, markOf(hash));
    const joinsLast = sequence > gap.from || this.remembers(sequence - 1, previous) !== false;
    this.gaps.splice(this.gaps.indexOf(gap), 1);
    if (sequence > gap.from) this.note({ from: gap.from, to: sequence - 1, mark: markOf(previous) });
    if (sequence < gap.to) this.note({ ...gap, from: sequence + 1 });
    if (this.received - sequence < this.recent.length) this.recent[this.received - sequence] = markOf(hash);
    return joinsNext && joinsLast;
  }

  toBytes(): Bytes {
    const gaps = this.gaps.map(({ from, to, mark }) => cborList(cborNumber(from), cborNumber(to), cborBytes(mark)));
    return cborList(
      cborNumber(version),
      cborNumber(toDesk),
      this.conversation ? cborBytes(this.conversation) : cborNull,
      cborNumber(this.sent),
      cborBytes(this.sentHash),
      cborNumber(this.received),
      cborBytes(this.receivedHash),
      cborNumber(this.acknowledged),
      cborBytes(joined(...this.recent)),
      cborList(...gaps),
      this.recipient ? cborBytes(this.recipient) : cborNull,
    );
  }

  /** Throws Malformed. */
  static read(encoded: Uint8Array): ChainState {
    if (encoded.length > longest) throw new Malformed();
    const reader = new CborReader(encoded);
    const state = new ChainState();
    reader.listOf(11);
    reader.number(version, version);
    reader.number(toDesk, toDesk);
    state.conversation = reader.isNull() ? undefined : reader.bytes(conversationLength).slice();
    state.sent = reader.number(0, highestSequence);
    state.sentHash = reader.bytes(hashLength).slice();
    state.received = reader.number(0, highestSequence);
    state.receivedHash = reader.bytes(hashLength).slice();
    state.acknowledged = reader.number(0, highestSequence);
    state.readRecent(reader.bytes());
    for (let count = reader.list(mostMissing), last = -1; count > 0; count--) {
      reader.listOf(3);
      const from = reader.number(last + 2, highestSequence);
      last = reader.number(from, state.received - 1);
      state.gaps.push({ from, to: last, mark: reader.bytes(markLength).slice() });
    }
    state.recipient = reader.isNull() ? undefined : reader.bytes(publicKeyLength).slice();
    reader.end();
    return state;
  }

  private readRecent(marks: Uint8Array): void {
    const most = Math.min(this.received, mostRecent) * markLength;
    if (marks.length % markLength > 0 || marks.length > most) throw new Malformed();
    for (let at = 0; at < marks.length; at += markLength) this.recent.push(markOf(marks.subarray(at)));
    const first = this.recent[0];
    if (first ? !same(first, markOf(this.receivedHash)) : this.received > 0) throw new Malformed();
  }

  private note(gap: Gap): void {
    this.gaps = [...this.gaps, gap].sort((one, other) => one.from - other.from).slice(-mostMissing);
  }
}

const holds = ({ from, to }: Gap, sequence: number): boolean => sequence >= from && sequence <= to;
