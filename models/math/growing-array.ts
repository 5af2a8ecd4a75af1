/** Numbers that come one by one, a few bytes each: a plain array of millions takes many times as much while it grows. */

type Numbers = Int32Array | Float64Array;

const FIRST_LENGTH = 1024;

export class GrowingArray<T extends Numbers> {
  private room: T;
  private length = 0;

  constructor(private readonly type: new (length: number) => T) {
    this.room = new type(FIRST_LENGTH);
  }

  push(value: number): void {
    if (this.length === this.room.length) this.grow();
    this.room[this.length++] = value;
  }

  /** @returns A copy that is just long enough. */
  values(): T {
    return this.room.slice(0, this.length) as T;
  }

  private grow(): void {
    const { room } = this;
    this.room = new this.type(2 * room.length);
    this.room.set(room);
  }
}
