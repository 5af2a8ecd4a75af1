/** What was wrong; `field` is a path into the input, null when it is no field's fault. */
export interface Problem {
  readonly message: string;
  readonly field: readonly string[] | null;
}
