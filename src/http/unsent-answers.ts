/** Counts the bytes of answers that have been made and not been sent: what nobody reads stays in memory. */
import { Counts } from '../../models/math/counts';
import { isWithin } from '../api/answer-size';

/** An answer of this size is sent in any case: it may be that of a mutation, which has been carried out. */
const SMALL_BYTES = 64 * 1024;
/** So many answers of the largest size may wait for one caller, and for all. */
const MAX_OF_CALLER = 4;
const MAX_IN_ALL = 16;

export class UnsentAnswers {
  private readonly byCaller = new Counts();
  private bytes = 0;

  constructor(private readonly limits: { readonly maxAnswerBytes: number }) {}

  /** @param caller - Whom the answer counts for, such as an address. */
  mayAdd(caller: string, answer: unknown): boolean {
    const { maxAnswerBytes } = this.limits;
    const isFull =
      this.byCaller.of(caller) >= MAX_OF_CALLER * maxAnswerBytes || this.bytes >= MAX_IN_ALL * maxAnswerBytes;
    return !isFull || isWithin(SMALL_BYTES, answer);
  }

  /** @returns What is to be called once, when the text has been sent or its connection has closed. */
  add(caller: string, { length }: string): () => void {
    this.count(caller, length);
    return () => this.count(caller, -length);
  }

  private count(caller: string, bytes: number): void {
    this.byCaller.add(caller, bytes);
    this.bytes += bytes;
  }
}
