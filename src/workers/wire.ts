/** The envelopes of calls, events and replies between a thread and its worker. */

/** One kind of request, with its reply and the events that may come before the reply. */
interface WorkerCall {
  readonly request: { readonly type: string };
  readonly reply: unknown;
  readonly event?: unknown;
}

/** All requests of a worker: an interface with one `WorkerCall` per request type. */
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
interface WireError {
  readonly name: string;
  readonly message: string;
  readonly stack: string | undefined;
  /** Node's name of what a system call met, such as `ENOSPC`. */
  readonly code?: string;
}

export function packError(error: unknown): WireError {
  if (error instanceof Error) {
    const { name, message, stack, code } = error as NodeJS.ErrnoException;
    return { name, message, stack, ...(typeof code === 'string' && { code }) };
  }
  return { name: 'Error', message: String(error), stack: undefined };
}

/** @returns An error with the name, message, stack and code that it had in the worker. */
export function unpackError({ name, message, stack, code }: WireError): Error {
  const error: NodeJS.ErrnoException = new Error(message);
  if (code !== undefined) error.code = code;
  error.name = name;
  if (stack !== undefined) error.stack = stack;
  return error;
}
