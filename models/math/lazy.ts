/** Work that begins when its result is asked for: once, or several pieces at a time in their order. */

/** @returns A function that makes its value when it is first called. */
export function once<T>(make: () => T): () => T {
  let made: { readonly value: T } | null = null;
  return () => (made ??= { value: make() }).value;
}

/**
 * Works on inputs, several at once, and gives the results in the inputs' order.
 *
 * @param atOnce - How many are worked on while the caller waits for the first of them; 1 or more.
 * @throws What the work throws, when its turn comes, and only when no other work runs any more.
 */
export async function* inOrder<T, R>(
  inputs: readonly T[],
  atOnce: number,
  work: (input: T) => Promise<R>,
): AsyncGenerator<R> {
  const running: Promise<R>[] = [];
  let begun = 0;
  const begin = () => {
    while (begun < inputs.length && running.length < atOnce) {
      const result = work(inputs[begun++]);
      result.catch(() => undefined); // it is heard of when its turn comes
      running.push(result);
    }
  };
  try {
    for (begin(); running.length > 0; begin()) yield await running.shift()!;
  } finally {
    await Promise.allSettled(running);
  }
}
