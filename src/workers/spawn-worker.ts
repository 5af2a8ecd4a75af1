/** The caller's side of a worker thread: it numbers the requests, and starts the thread again after a death. */
import { join } from 'node:path';
import { type Transferable, Worker } from 'node:worker_threads';

import { forbidTelemetry } from '../../models/compute/onnx/no-telemetry';
import { isWorkerDeath } from '../errors';
import { PACKAGE_ROOT } from '../paths';
import { unpackError, type FromWorker, type ToWorker, type WorkerProtocol } from './wire';

interface CallOptions<Event> {
  /** Asks the worker to stop. The call settles when the worker has stopped; the worker decides how. */
  readonly signal?: AbortSignal;
  readonly onEvent?: (event: Event) => void;
}

export interface WorkerClient<P extends WorkerProtocol<P>> {
  /** Starts the thread, so that the next call need not wait for it. */
  start(): void;
  /**
   * Sends one request; several may run at once.
   *
   * @param transfer - Buffers that are moved instead of copied; they are empty here afterwards.
   * @throws {WorkerDiedError} When the worker ends before it replies. The next call starts a new one.
   * @throws The error that the handler threw, with its name, message and stack.
   */
  call<K extends keyof P & string>(
    message: P[K]['request'] & { readonly type: K },
    transfer?: readonly Transferable[],
    options?: CallOptions<P[K]['event']>,
  ): Promise<P[K]['reply']>;
  /** Aborts the calls that run now, and ends the thread when each has settled. Later calls fail. */
  dispose(): Promise<void>;
}

interface WorkerLimits {
  /** Memory for new objects before garbage is collected; absent: as much as V8 takes. */
  readonly youngGenerationMb?: number;
}

/** Limits of a server's threads. V8 would let the garbage of lists grow to tens of megabytes a thread, and keep that memory. */
export const SERVER_LIMITS: WorkerLimits = { youngGenerationMb: 6 };

export class WorkerDiedError extends Error {
  override readonly name = 'WorkerDiedError';
}

interface PendingCall {
  readonly thread: Worker;
  readonly resolve: (value: unknown) => void;
  readonly reject: (reason: Error) => void;
  readonly onEvent: ((event: unknown) => void) | undefined;
  readonly release: () => void;
}

/**
 * Makes a client of the compiled worker `dist/src/workers/<name>.js`. The thread starts at the first call, or before it by `start`.
 *
 * @param data - Plain settings; the worker reads them as `workerData`.
 */
export function spawnWorker<P extends WorkerProtocol<P>>(
  name: string,
  data?: unknown,
  limits: WorkerLimits = {},
): WorkerClient<P> {
  return openWorker(join(PACKAGE_ROOT, 'dist', 'src', 'workers', `${name}.js`), data, limits);
}

/** Does the same as `spawnWorker` for a script at any path. */
export function openWorker<P extends WorkerProtocol<P>>(
  path: string,
  data?: unknown,
  limits: WorkerLimits = {},
): WorkerClient<P> {
  return new RestartingWorker<P>(path, data, limits);
}

/** When a call has ended three workers, it would end the fourth too. */
const MAX_ATTEMPTS = 3;

/** @param call - May be repeated. Its next attempt starts a new thread. */
export async function askAgain<T>(call: () => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await call();
    } catch (error) {
      if (!isWorkerDeath(error) || attempt === MAX_ATTEMPTS) throw error;
    }
  }
}

class RestartingWorker<P extends WorkerProtocol<P>> implements WorkerClient<P> {
  private thread: Worker | null = null;
  private isDisposed = false;
  private lastId = 0;
  private readonly pending = new Map<number, PendingCall>();

  constructor(
    private readonly path: string,
    private readonly data: unknown,
    private readonly limits: WorkerLimits,
  ) {}

  start(): void {
    if (this.isDisposed || this.thread !== null) return;
    this.thread = this.spawn();
    this.thread.unref();
  }

  async call<K extends keyof P & string>(
    message: P[K]['request'] & { readonly type: K },
    transfer: readonly Transferable[] = [],
    options: CallOptions<P[K]['event']> = {},
  ): Promise<P[K]['reply']> {
    options.signal?.throwIfAborted();
    if (this.isDisposed) throw new WorkerDiedError(`${this.path}: expected an open worker, got a disposed one`);
    const thread = (this.thread ??= this.spawn());
    const id = ++this.lastId;
    const reply = this.expectReply(id, thread, options);
    try {
      thread.postMessage({ kind: 'call', id, message } satisfies ToWorker, transfer);
    } catch (error) {
      this.take(id)?.reject(error as Error); // a message that cannot be cloned
    }
    return reply;
  }

  async dispose(): Promise<void> {
    this.isDisposed = true;
    const { thread } = this;
    if (thread === null) return;
    thread.ref(); // the process waits for its end
    const ended = new Promise((resolve) => thread.once('exit', resolve));
    thread.postMessage({ kind: 'end' } satisfies ToWorker);
    await ended;
  }

  private spawn(): Worker {
    forbidTelemetry();
    // The worker's stdout becomes our stderr: a command's stdout may be promised to one JSON document.
    const resourceLimits = { maxYoungGenerationSizeMb: this.limits.youngGenerationMb };
    const thread = new Worker(this.path, { workerData: this.data, stdout: true, resourceLimits });
    thread.stdout.pipe(process.stderr, { end: false });
    let cause = '';
    thread.on('message', (message: FromWorker) => this.receive(message));
    thread.on('error', (error) => (cause = `: ${error.message}`));
    thread.on('exit', (code) => this.lose(thread, `exit code ${code}${cause}`));
    return thread;
  }

  private lose(thread: Worker, got: string): void {
    if (this.thread === thread) this.thread = null;
    const error = new WorkerDiedError(`${this.path}: expected a reply, got ${got}`);
    for (const [id, call] of [...this.pending]) if (call.thread === thread) this.take(id)?.reject(error);
  }

  private expectReply<E>(id: number, thread: Worker, { signal, onEvent }: CallOptions<E>): Promise<unknown> {
    const abort = () => thread.postMessage({ kind: 'abort', id } satisfies ToWorker);
    signal?.addEventListener('abort', abort, { once: true });
    thread.ref(); // a worker with a request keeps the process alive; an idle one does not
    return new Promise((resolve, reject) => {
      this.pending.set(id, {
        thread,
        resolve,
        reject,
        onEvent: onEvent as PendingCall['onEvent'],
        release: () => signal?.removeEventListener('abort', abort),
      });
    });
  }

  private receive(message: FromWorker): void {
    switch (message.kind) {
      case 'event':
        this.pending.get(message.id)?.onEvent?.(message.event);
        return;
      case 'reply':
        this.take(message.id)?.resolve(message.value);
        return;
      case 'error':
        this.take(message.id)?.reject(unpackError(message.error));
        return;
      default:
        message satisfies never;
    }
  }

  private take(id: number): PendingCall | undefined {
    const call = this.pending.get(id);
    this.pending.delete(id);
    call?.release();
    if (this.pending.size === 0 && !this.isDisposed) this.thread?.unref();
    return call;
  }
}
