/** Goes through JSON level by level: it may be nested deeper than the stack lets a recursion go. */

export interface JsonLevel {
  /** 0: the value itself. */
  readonly depth: number;
  /** The lists and objects of this level. */
  readonly values: readonly object[];
}

/** Yields the levels of a list or object, from itself inwards. */
export function* levelsOf(root: object): Generator<JsonLevel> {
  let values = [root];
  for (let depth = 0; values.length > 0; depth++) {
    yield { depth, values };
    values = values.flatMap(nestedIn);
  }
}

function nestedIn(value: object): object[] {
  return Object.values(value).filter((each) => typeof each === 'object' && each !== null) as object[];
}
