/** A small seeded generator, so that training, initialisation and sampling can be repeated exactly. Not for secrets. */

export interface Random {
  /** @returns A number in `[0, 1)` with 32 random bits. */
  next(): number;
  /** @returns A whole number in `0 … n-1`. */
  int(n: number): number;
  /** @returns A number from the normal distribution with mean 0 and variance 1. */
  normal(): number;
  /** Puts the entries into a random order, in place. */
  shuffle(entries: Int32Array | number[]): void;
  /** @returns A generator that gives the numbers that come next here; neither moves the other. */
  fork(): Random;
}

/**
 * Makes a generator (sfc32). Equal seeds and streams give equal numbers on every machine.
 *
 * @param seed - Any whole number; its low 32 bits count.
 * @param stream - Separates independent generators of one seed, such as one per epoch.
 */
export function createRandom(seed: number, stream = 0): Random {
  const random = sfc32(seed | 0, stream | 0, 0x9e3779b9, 1);
  // The first outputs of close seeds are similar; after a dozen rounds they are independent.
  for (let i = 0; i < 12; i++) random.next();
  return random;
}

/** @param a - With the others the whole state, 32 bits each. */
function sfc32(a: number, b: number, c: number, counter: number): Random {
  const next = () => {
    const sum = (((a + b) | 0) + counter) | 0;
    counter = (counter + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = (((c << 21) | (c >>> 11)) + sum) | 0;
    return (sum >>> 0) / 4_294_967_296;
  };
  const int = (n: number) => Math.floor(next() * n);
  return {
    next,
    int,
    normal: () => boxMuller(next),
    shuffle: (entries) => fisherYates(entries, int),
    fork: () => sfc32(a, b, c, counter),
  };
}

function boxMuller(next: () => number): number {
  const radius = Math.sqrt(-2 * Math.log(1 - next()));
  return radius * Math.cos(2 * Math.PI * next());
}

function fisherYates(entries: Int32Array | number[], int: (n: number) => number): void {
  for (let i = entries.length - 1; i > 0; i--) {
    const j = int(i + 1);
    [entries[i], entries[j]] = [entries[j], entries[i]];
  }
}

/** Any part can be read at any time, so that a resumed training continues where it stopped. */
export class ShuffledStream {
  private pass = -1;
  private readonly order: Int32Array;

  constructor(
    private readonly numRows: number,
    private readonly seed: number,
  ) {
    this.order = new Int32Array(numRows);
  }

  /** @returns The entries `start … start+size-1` of the sequence; int32 `[size]`. */
  take(start: number, size: number): Int32Array {
    return Int32Array.from({ length: size }, (_, i) => this.at(start + i));
  }

  private at(position: number): number {
    const pass = Math.floor(position / this.numRows);
    if (pass !== this.pass) this.shuffle(pass);
    return this.order[position % this.numRows];
  }

  private shuffle(pass: number): void {
    for (let row = 0; row < this.numRows; row++) this.order[row] = row;
    createRandom(this.seed, pass + 1).shuffle(this.order);
    this.pass = pass;
  }
}
