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

const markOf = (hash: Uint8Array): Uint8Array => hash.slice(0, markLength);

export class ChainState {
  conversation: Uint8Array | undefined;
  sent = 0;
  sentHash: Uint8Array = new Uint8Array(hashLength);
  received = 0;
  receivedHash: Uint8Array = new Uint8Array(hashLength);
  acknowledged = 0;
  recipient: Uint8Array | undefined;
  /** Marks of what was received, by sequence: of the last 48 at most. */
  private readonly recent = new Map<number, Uint8Array>();
  private gaps: Gap[] = [];
  /** How many sequences are in gaps that there was no room for. */
  private givenUp = 0;
  /** The sequence of the answer that named `recipient`. */
  private namedBy = 0;

  get missing(): { from: number; to: number }[] {
    return this.gaps.map(({ from, to }) => ({ from, to }));
  }

  get lacking(): number {
    return this.gaps.reduce((sum, gap) => sum + lengthOf(gap), this.givenUp);
  }

  isMissing(sequence: number): boolean {
    return this.gaps.some((gap) => holds(gap, sequence));
  }

  /** Whether this is what was received there; undefined when that is not remembered. */
  remembers(sequence: number, hash: Uint8Array): boolean | undefined {
    const mark = this.recent.get(sequence);
    return mark && same(mark, markOf(hash));
  }

  /** Takes over whom an answer names, unless a later one has named somebody already. */
  name(recipient: Uint8Array | undefined, sequence: number): void {
    if (recipient && sequence > this.namedBy) [this.recipient, this.namedBy] = [recipient, sequence];
  }

  /** Takes over a message with a sequence above all that were received. */
  advance(sequence: number, hash: Uint8Array, previous: Uint8Array): void {
    if (sequence > this.received + 1) this.note({ from: this.received + 1, to: sequence - 1, mark: markOf(previous) });
    this.received = sequence;
    this.receivedHash = hash;
    this.recent.set(sequence, markOf(hash));
    for (const old of this.recent.keys()) if (old < this.oldestRecent) this.recent.delete(old);
  }

  /** Takes over a message that was missing. Whether it joins its neighbours, as far as they are known. */
  fill(sequence: number, hash: Uint8Array, previous: Uint8Array): boolean {
    const gap = this.gaps.find((gap) => holds(gap, sequence))!;
    const joinsNext = sequence < gap.to || same(gap.mark, markOf(hash));
    const joinsLast = sequence > gap.from || this.remembers(sequence - 1, previous) !== false;
    this.gaps.splice(this.gaps.indexOf(gap), 1);
    if (sequence > gap.from) this.note({ from: gap.from, to: sequence - 1, mark: markOf(previous) });
    if (sequence < gap.to) this.note({ ...gap, from: sequence + 1 });
    if (sequence >= this.oldestRecent) this.recent.set(sequence, markOf(hash));
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
      cborList(...this.runs().map(([highest, ...marks]) => cborList(cborNumber(highest), cborBytes(joined(...marks))))),
      cborList(...gaps),
      cborNumber(this.givenUp),
      this.recipient ? cborBytes(this.recipient) : cborNull,
      cborNumber(this.namedBy),
    );
  }

  /** Throws Malformed. */
  static read(encoded: Uint8Array): ChainState {
    if (encoded.length > longest) throw new Malformed();
    const reader = new CborReader(encoded);
    const state = new ChainState();
    reader.listOf(13);
    reader.number(version, version);
    reader.number(toDesk, toDesk);
    state.conversation = reader.isNull() ? undefined : reader.bytes(conversationLength).slice();
    state.sent = reader.number(0, highestSequence);
    state.sentHash = reader.bytes(hashLength).slice();
    state.received = reader.number(0, highestSequence);
    state.receivedHash = reader.bytes(hashLength).slice();
    state.acknowledged = reader.number(0, highestSequence);
    state.readRecent(reader);
    for (let count = reader.list(mostMissing), last = -1; count > 0; count--) {
      reader.listOf(3);
      const from = reader.number(Math.max(1, last + 2), highestSequence);
      last = reader.number(from, state.received - 1);
      state.gaps.push({ from, to: last, mark: reader.bytes(markLength).slice() });
    }
    state.givenUp = reader.number(0, Math.max(0, state.received - 1 - state.lacking));
    state.recipient = reader.isNull() ? undefined : reader.bytes(publicKeyLength).slice();
    state.namedBy = state.recipient ? reader.number(1, state.received) : reader.number(0, 0);
    reader.end();
    return state;
  }

  private get oldestRecent(): number {
    return Math.max(1, this.received - mostRecent + 1);
  }

  /** Sequences that follow each other, the highest first: it, and the marks from it down. */
  private runs(): [number, ...Uint8Array[]][] {
    const runs: [number, ...Uint8Array[]][] = [];
    for (let sequence = this.received; sequence >= this.oldestRecent; sequence--) {
      const mark = this.recent.get(sequence);
      if (!mark) continue;
      if (this.recent.has(sequence + 1)) runs.at(-1)!.push(mark);
      else runs.push([sequence, mark]);
    }
    return runs;
  }

  private readRecent(reader: CborReader): void {
    for (let runs = reader.list(mostRecent), below = this.received + 1; runs > 0; runs--) {
      reader.listOf(2);
      let sequence = reader.number(0, Math.max(0, below - 1));
      const marks = reader.bytes();
      const count = marks.length / markLength;
      if (count === 0 || !Number.isInteger(count) || sequence - count + 1 < this.oldestRecent) throw new Malformed();
      for (let at = 0; at < marks.length; at += markLength) this.recent.set(sequence--, markOf(marks.subarray(at)));
      // Runs do not touch: the sequence below this one is not remembered.
      below = sequence;
    }
    const first = this.recent.get(this.received);
    if (first ? !same(first, markOf(this.receivedHash)) : this.received > 0) throw new Malformed();
  }

  private note(gap: Gap): void {
    this.gaps = [...this.gaps, gap].sort((one, other) => one.from - other.from);
    if (this.gaps.length > mostMissing) this.givenUp += lengthOf(this.gaps.shift()!);
  }
}

const lengthOf = ({ from, to }: Gap): number => to - from + 1;
const holds = ({ from, to }: Gap, sequence: number): boolean => sequence >= from && sequence <= to;
