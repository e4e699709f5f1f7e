/**
 * Argon2id (RFC 9106) with one lane in plain script, for browsers in which WebAssembly is off.
 *
 * Why it exists beside the libraries: the Tor Browser at "Safer" turns off WebAssembly and the compiler of scripts
 * together, and an interpreter pays for every operation. This one has few: see docs/decisions/0002.
 * Why this is safe: no parameter is open, and the tests hold its output against two other implementations.
 */
import { blake2b } from "@noble/hashes/blake2.js";
import { joined, wipe } from "./bytes.ts";

const blockWords = 256;
const slices = 4;

interface Cost {
  passes: number;
  memoryKiB: number;
  length: number;
}

/**
 * Argon2id with one lane: `passes` over `memoryKiB` (at least 8), `length` bytes (4 to 64). Throws for anything else, and
 * on a big-endian machine, where it would compute something else.
 */
export function argon2idPlain(password: Uint8Array, salt: Uint8Array, cost: Cost): Uint8Array {
  if (!(cost.memoryKiB >= 2 * slices && cost.passes >= 1 && cost.length >= 4 && cost.length <= 64))
    throw new RangeError("Argon2id has no such parameters.");
  if (new Uint8Array(Uint16Array.of(1).buffer)[0] !== 1) throw new Error("This machine is big-endian.");
  const segment = Math.floor(cost.memoryKiB / slices);
  const count = segment * slices;
  const memory = new Int32Array(count * blockWords);
  const work = new Int32Array(blockWords);
  try {
    const seed = firstHash(password, salt, cost);
    for (const index of [0, 1]) setBlock(memory, index, seed, index);
    wipe(seed);
    fill(memory, work, cost.passes);
    return lastHash(memory.subarray((count - 1) * blockWords), cost.length);
  } finally {
    for (const words of [memory, work, held]) words.fill(0);
  }
}

/** Steps 5 and 6 of section 3.2: every block from the one before and an earlier one. */
function fill(memory: Int32Array, work: Int32Array, passes: number): void {
  const count = memory.length / blockWords;
  const segment = count / slices;
  const addresses = new Addresses(passes, count);
  for (let pass = 0; pass < passes; pass++) {
    for (let slice = 0; slice < slices; slice++) {
      const independent = pass === 0 && slice < slices / 2;
      if (independent) addresses.begin(pass, slice);
      for (let inSegment = pass === 0 && slice === 0 ? 2 : 0; inSegment < segment; inSegment++) {
        const index = slice * segment + inSegment;
        const previous = (index === 0 ? count : index) - 1;
        const random = independent ? addresses.at(inSegment) : memory[previous * blockWords]!;
        const reference = referenceTo(random, pass, slice, inSegment, segment, count);
        compress(
          memory,
          previous * blockWords,
          memory,
          reference * blockWords,
          memory,
          index * blockWords,
          work,
          pass > 0,
        );
      }
    }
  }
}

/** H' of the last block, which is the result. */
function lastHash(block: Int32Array, length: number): Uint8Array {
  const input = joined(littleEndian(length), bytesOf(block));
  const hash = blake2b(input, { dkLen: length });
  wipe(input);
  return hash;
}

/** H0 of RFC 9106, section 3.2, step 1: no secret, no associated data. */
function firstHash(password: Uint8Array, salt: Uint8Array, cost: Cost) {
  const lanes = 1;
  const version = 0x13;
  const argon2id = 2;
  const input = joined(
    littleEndian(lanes, cost.length, cost.memoryKiB, cost.passes, version, argon2id, password.length),
    password,
    littleEndian(salt.length),
    salt,
    littleEndian(0, 0),
  );
  const hash = blake2b(input, { dkLen: 64 });
  wipe(input);
  return hash;
}

/** H' of section 3.3 for the 1,024 bytes of a first block: 32 bytes of each hash, of the last one all 64. */
function setBlock(memory: Int32Array, index: number, seed: Uint8Array, column: number): void {
  const block = bytesOf(memory.subarray(index * blockWords, (index + 1) * blockWords));
  const input = joined(littleEndian(block.length), seed, littleEndian(column, 0));
  let hash = blake2b(input, { dkLen: 64 });
  wipe(input);
  let offset = 0;
  for (; offset < block.length - 64; offset += 32) {
    block.set(hash.subarray(0, 32), offset);
    const next = blake2b(hash, { dkLen: 64 });
    wipe(hash);
    hash = next;
  }
  block.set(hash, offset);
  wipe(hash);
}

/** The index that a block mixes with, section 3.4.2, from the low 32 random bits; with one lane nothing else chooses. */
function referenceTo(random: number, pass: number, slice: number, inSegment: number, segment: number, count: number) {
  const finished = pass === 0 ? slice * segment : count - segment;
  const area = finished + inSegment - 1;
  const squared = highHalf(random, random);
  const back = area - 1 - (highHalf(area, squared) >>> 0);
  const start = pass === 0 || slice === slices - 1 ? 0 : (slice + 1) * segment;
  return (start + back) % count;
}

/** The pseudo-random indices of the first half of the first pass, which do not depend on the password (section 3.4.1.1). */
class Addresses {
  private readonly input = new Int32Array(blockWords);
  private readonly block = new Int32Array(blockWords);
  private readonly zero = new Int32Array(blockWords);
  private readonly work = new Int32Array(blockWords);

  constructor(
    private readonly passes: number,
    private readonly count: number,
  ) {}

  begin(pass: number, slice: number): void {
    const argon2id = 2;
    this.input.fill(0);
    [pass, 0, slice, this.count, this.passes, argon2id].forEach((value, at) => (this.input[2 * at] = value));
    this.next();
  }

  at(inSegment: number): number {
    const perBlock = blockWords / 2;
    if (Math.floor(inSegment / perBlock) + 1 !== this.input[12]) this.next();
    return this.block[2 * (inSegment % perBlock)]!;
  }

  private next(): void {
    this.input[12]!++;
    compress(this.zero, 0, this.input, 0, this.block, 0, this.work, false);
    compress(this.zero, 0, this.block, 0, this.block, 0, this.work, false);
  }
}

/** G of section 3.5: out = (x ^ y) ^ P(x ^ y), and in later passes ^ what lay there. Arrays with offsets: no views made. */
function compress(
  x: Int32Array,
  xAt: number,
  y: Int32Array,
  yAt: number,
  out: Int32Array,
  outAt: number,
  work: Int32Array,
  keep: boolean,
): void {
  for (let i = 0; i < blockWords; i++) {
    const mixed = x[xAt + i]! ^ y[yAt + i]!;
    work[i] = mixed;
    held[i] = keep ? out[outAt + i]! ^ mixed : mixed;
  }
  for (let row = 0; row < blockWords; row += 32) permute(work, row, 4);
  for (let column = 0; column < 32; column += 4) permute(work, column, 32);
  for (let i = 0; i < blockWords; i++) out[outAt + i] = held[i]! ^ work[i]!;
}

const held = new Int32Array(blockWords);

/** P of section 3.6 on eight 16-byte registers that begin at `first` and lie `step` words apart. */
function permute(v: Int32Array, first: number, step: number): void {
  const a = first;
  const b = first + 2 * step;
  const c = first + 4 * step;
  const d = first + 6 * step;
  const next = first + step;
  quarter(v, a, b, c, d);
  quarter(v, a + 2, b + 2, c + 2, d + 2);
  quarter(v, next, b + step, c + step, d + step);
  quarter(v, next + 2, b + step + 2, c + step + 2, d + step + 2);
  quarter(v, a, b + 2, c + step, d + step + 2);
  quarter(v, a + 2, b + step, c + step + 2, d);
  quarter(v, next, b + step + 2, c, d + 2);
  quarter(v, next + 2, b, c + 2, d + step);
}

/**
 * GB of section 3.6 on four 64-bit words, low half first. The sum a + b + 2 * low(a) * low(b) is written out four
 * times: a function call costs an interpreter more than the sum.
 * Why it is exact: one factor is taken in halves of 16 bits, so that no product or sum reaches 2^53.
 */
function quarter(v: Int32Array, a: number, b: number, c: number, d: number): void {
  let al = v[a]!;
  let ah = v[a + 1]!;
  let bl = v[b]!;
  let bh = v[b + 1]!;
  let cl = v[c]!;
  let ch = v[c + 1]!;
  let dl = v[d]!;
  let dh = v[d + 1]!;

  let factor = bl >>> 0;
  let upper = (al >>> 16) * factor;
  let sum = (upper & 0xffff) * 0x20000 + (al & 0xffff) * factor * 2 + (al >>> 0) + factor;
  ah = (ah + bh + ((upper / 0x1_0000) >>> 0) * 2 + ((sum / 0x1_0000_0000) | 0)) | 0;
  al = sum | 0;
  let low = dl ^ al;
  dl = dh ^ ah;
  dh = low;

  factor = dl >>> 0;
  upper = (cl >>> 16) * factor;
  sum = (upper & 0xffff) * 0x20000 + (cl & 0xffff) * factor * 2 + (cl >>> 0) + factor;
  ch = (ch + dh + ((upper / 0x1_0000) >>> 0) * 2 + ((sum / 0x1_0000_0000) | 0)) | 0;
  cl = sum | 0;
  low = bl ^ cl;
  bh ^= ch;
  bl = (low >>> 24) | (bh << 8);
  bh = (bh >>> 24) | (low << 8);

  factor = bl >>> 0;
  upper = (al >>> 16) * factor;
  sum = (upper & 0xffff) * 0x20000 + (al & 0xffff) * factor * 2 + (al >>> 0) + factor;
  ah = (ah + bh + ((upper / 0x1_0000) >>> 0) * 2 + ((sum / 0x1_0000_0000) | 0)) | 0;
  al = sum | 0;
  low = dl ^ al;
  dh ^= ah;
  dl = (low >>> 16) | (dh << 16);
  dh = (dh >>> 16) | (low << 16);

  factor = dl >>> 0;
  upper = (cl >>> 16) * factor;
  sum = (upper & 0xffff) * 0x20000 + (cl & 0xffff) * factor * 2 + (cl >>> 0) + factor;
  ch = (ch + dh + ((upper / 0x1_0000) >>> 0) * 2 + ((sum / 0x1_0000_0000) | 0)) | 0;
  cl = sum | 0;
  low = bl ^ cl;
  bh ^= ch;
  bl = (low << 1) | (bh >>> 31);
  bh = (bh << 1) | (low >>> 31);

  v[a] = al;
  v[a + 1] = ah;
  v[b] = bl;
  v[b + 1] = bh;
  v[c] = cl;
  v[c + 1] = ch;
  v[d] = dl;
  v[d + 1] = dh;
}

/** The high 32 bits of the product of two unsigned 32-bit numbers; exact for the same reason. */
function highHalf(x: number, y: number): number {
  const factor = y >>> 0;
  const upper = (x >>> 16) * factor;
  const lower = (x & 0xffff) * factor;
  return ((upper + Math.floor(lower / 0x1_0000)) / 0x1_0000) | 0;
}

const bytesOf = (words: Int32Array) => new Uint8Array(words.buffer, words.byteOffset, words.byteLength);

const littleEndian = (...numbers: number[]) => new Uint8Array(Uint32Array.from(numbers).buffer);
