/** Limits what one connection may ask at the same time, and knows what it is being answered. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';

import { sendError } from './answers';

/** One packet has room for a thousand requests, and each answer that waits for the former ones takes memory. */
const MAX_PIPELINED = 16;

/** What one connection has asked. */
interface Pipeline {
  readonly unanswered: Set<ServerResponse>;
  /** The bytes that had come when too many requests waited; null: not too many did. */
  bytesRead: number | null;
}

export class Pipelines {
  private readonly ofSockets = new WeakMap<Duplex, Pipeline>();

  /**
   * @returns Whether the request may be answered. If not, the first such request of its connection gets a refusal, in its turn, and the
   *   connection ends.
   */
  mayCome({ socket }: IncomingMessage, response: ServerResponse): boolean {
    const pipeline = this.ofSockets.get(socket) ?? this.watch(socket);
    if (pipeline.bytesRead !== null) return passOver(socket, pipeline.bytesRead);
    const { unanswered } = pipeline;
    const mayCome = unanswered.size < MAX_PIPELINED;
    unanswered.add(response);
    response.once('close', () => unanswered.delete(response));
    if (!mayCome) pipeline.bytesRead = refuseMore(socket, response);
    return mayCome;
  }

  /** Whether a part of an answer may have been sent, so that nothing else may be. */
  isAnswering(socket: Duplex): boolean {
    return [...(this.ofSockets.get(socket)?.unanswered ?? [])].some(({ headersSent }) => headersSent);
  }

  private watch(socket: IncomingMessage['socket']): Pipeline {
    const pipeline: Pipeline = { unanswered: new Set(), bytesRead: null };
    this.ofSockets.set(socket, pipeline);
    socket.once('close', () => setImmediate(() => closeAll(pipeline.unanswered)));
    return pipeline;
  }
}

function refuseMore(socket: IncomingMessage['socket'], response: ServerResponse): number {
  const message = `connection: expected at most ${MAX_PIPELINED} requests that wait for their answers, got more`;
  response.setHeader('connection', 'close');
  sendError(response, 429, 'TOO_MANY_OPERATIONS', message);
  socket.pause();
  return socket.bytesRead;
}

/** What came in the same packet is not answered. A client that goes on sending would fill the memory. */
function passOver(socket: IncomingMessage['socket'], bytesRead: number): false {
  if (socket.bytesRead > bytesRead) socket.destroy();
  return false;
}

/** Node tells the response that is being sent that its connection has closed, but not those behind it. */
function closeAll(unanswered: ReadonlySet<ServerResponse>): void {
  for (const response of unanswered) response.destroy().emit('close');
}
