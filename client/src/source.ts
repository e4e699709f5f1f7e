/** A stream that somebody else made, read in small pieces: it may fail, and it may hand over a whole file at once. */
import { pieceLength, requireBytes } from "./bytes.ts";

export class Source {
  private readonly reader: ReadableStreamDefaultReader<Uint8Array>;
  private left: Uint8Array = new Uint8Array(0);
  private failure: { reason: unknown } | undefined;

  constructor(source: Blob | ReadableStream<Uint8Array>) {
    this.reader = (source instanceof Blob ? source.stream() : source).getReader();
  }

  /** At most 64 KiB; undefined at the end. */
  async next(): Promise<Uint8Array | undefined> {
    try {
      while (this.left.length === 0) {
        const { done, value } = await this.reader.read();
        if (done) return undefined;
        requireBytes(value);
        this.left = value;
      }
    } catch (reason) {
      this.failure = { reason };
      throw reason;
    }
    const piece = this.left.subarray(0, pieceLength);
    this.left = this.left.subarray(pieceLength);
    return piece;
  }

  /** `first` and what is left, read only as fast as it is taken. */
  streamAfter(first: Uint8Array): ReadableStream<Uint8Array> {
    let given = false;
    return new ReadableStream<Uint8Array>(
      {
        pull: async (controller) => {
          const piece = given ? await this.next() : first;
          given = true;
          if (piece) controller.enqueue(piece);
          else controller.close();
        },
        cancel: (reason) => this.cancel(reason),
      },
      { highWaterMark: 0 },
    );
  }

  /** Why the source itself failed, such as a lost connection; if it did not, `other`. */
  faultOr(other: Error): unknown {
    return this.failure ? this.failure.reason : other;
  }

  /** Tells the source that nothing more is wanted and gives it back. Does not wait for its answer, which may never come. */
  cancel(reason: unknown): void {
    this.reader.cancel(reason).catch(() => undefined);
    this.reader.releaseLock();
  }
}
