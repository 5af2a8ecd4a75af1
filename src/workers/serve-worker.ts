/** The worker's side: it answers each request with its handler, and tells the handler when the caller gives up. */
import { parentPort, type MessagePort, type Transferable } from 'node:worker_threads';

import { packError, type FromWorker, type ToWorker, type WorkerProtocol } from './wire';

interface HandlerContext<Event> {
  /** Aborted when the caller no longer wants the reply; a handler usually stops by `throwIfAborted()`. */
  readonly signal: AbortSignal;
  /** Sends an event to the caller, before the reply. */
  readonly emit: (event: Event) => void;
  /** Buffers pushed here are moved with the reply instead of being copied. */
  readonly transfer: Transferable[];
}

type WorkerHandlers<P extends WorkerProtocol<P>> = {
  readonly [K in keyof P]: (
    request: P[K]['request'],
    context: HandlerContext<P[K]['event']>,
  ) => Promise<P[K]['reply']> | P[K]['reply'];
};

/**
 * Serves this worker thread's parent until that asks for the end. Then running requests are aborted, and the thread ends when
 * each has settled. Ended from outside, a thread that is inside ONNX Runtime would abort the whole process.
 *
 * @throws {Error} When called outside a worker thread.
 */
export function serveWorker<P extends WorkerProtocol<P>>(handlers: WorkerHandlers<P>): void {
  if (parentPort === null) throw new Error('serveWorker: expected a worker thread, got the main thread');
  const port = parentPort;
  const running = new Map<number, AbortController>();
  let isEnding = false;
  const endWhenIdle = () => isEnding && running.size === 0 && process.exit();
  port.on('message', (message: ToWorker) => {
    switch (message.kind) {
      case 'call':
        void answer(port, handlers, running, message).finally(endWhenIdle);
        return;
      case 'abort':
        running.get(message.id)?.abort();
        return;
      case 'end':
        isEnding = true;
        for (const controller of running.values()) controller.abort();
        endWhenIdle();
        return;
      default:
        message satisfies never;
    }
  });
  // A request that cannot be read would never be answered. The thread ends instead, so that the caller gets an error.
  port.on('messageerror', (error) => {
    throw error;
  });
}

async function answer<P extends WorkerProtocol<P>>(
  port: MessagePort,
  handlers: WorkerHandlers<P>,
  running: Map<number, AbortController>,
  { id, message }: ToWorker & { kind: 'call' },
): Promise<void> {
  const controller = new AbortController();
  running.set(id, controller);
  const send = (reply: FromWorker, transfer: Transferable[] = []) => port.postMessage(reply, transfer);
  const transfer: Transferable[] = [];
  const emit = (event: unknown) => send({ kind: 'event', id, event });
  try {
    const handler = handlers[message.type as keyof P];
    if (handler === undefined) throw new Error(`worker: expected a known request, got "${message.type}"`);
    const value = await handler(message, { signal: controller.signal, emit, transfer });
    send({ kind: 'reply', id, value }, transfer);
  } catch (error) {
    send({ kind: 'error', id, error: packError(error) });
  } finally {
    running.delete(id);
  }
}
