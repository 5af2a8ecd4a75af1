/** The envelopes of calls, events and replies between a thread and its worker. */

/** One kind of request, with its reply and the events that may come before the reply. */
export interface WorkerCall {
  readonly request: { readonly type: string };
  readonly reply: unknown;
  readonly event?: unknown;
}

/** All requests of a worker: an interface with one `WorkerCall` a request type. */
export type WorkerProtocol<P> = { readonly [K in keyof P]: WorkerCall };

export type ToWorker =
  | { readonly kind: 'call'; readonly id: number; readonly message: { readonly type: string } }
  | { readonly kind: 'abort'; readonly id: number }
  /** Asks the worker to finish what it does, and to end its thread itself. */
  | { readonly kind: 'end' };

export type FromWorker =
  | { readonly kind: 'event'; readonly id: number; readonly event: unknown }
  | { readonly kind: 'reply'; readonly id: number; readonly value: unknown }
  | { readonly kind: 'error'; readonly id: number; readonly error: WireError };

/** An error as plain data: structured clone would lose its name. */
export interface WireError {
  readonly name: string;
  readonly message: string;
  readonly stack: string | undefined;
}

export function packError(error: unknown): WireError {
  if (error instanceof Error) return { name: error.name, message: error.message, stack: error.stack };
  return { name: 'Error', message: String(error), stack: undefined };
}

/** @returns An error with the name, message and stack that it had in the worker. */
export function unpackError({ name, message, stack }: WireError): Error {
  const error = new Error(message);
  error.name = name;
  if (stack !== undefined) error.stack = stack;
  return error;
}
