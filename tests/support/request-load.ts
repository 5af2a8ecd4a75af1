/** A cheap client that loads a server with GraphQL requests. It speaks HTTP itself: a real client would take more CPU than the server. */
import { connect, type Socket } from 'node:net';

export interface Outcomes {
  /** Answers by code: `ok`, the code of the first error, or `closed` when the connection ended without an answer. */
  readonly codes: Map<string, number>;
  readonly servedMs: number[];
  /** How long the refusals for overload took. */
  readonly refusedMs: number[];
  /** From the first request to the last that was served. */
  seconds: number;
  sent: number;
  /** Arrivals that found every socket busy. */
  unsent: number;
  /** Refusals for overload without a time to come back. */
  withoutRetryAfter: number;
}

/** How long answers may take after the last request was sent. */
const PATIENCE_MS = 3_000;

/** Its connections stay open for the next phase. */
export class RequestLoad {
  private readonly free = new Set<Client>();
  private readonly all = new Set<Client>();
  private readonly message: string;
  private begin = 0;
  private outcomes = noOutcomes();

  constructor(
    private readonly url: string,
    query: string,
    private readonly maxSockets: number,
    key: string | null = null,
  ) {
    const body = JSON.stringify({ query });
    this.message = [
      'POST /graphql HTTP/1.1',
      'host: localhost',
      'content-type: application/json',
      ...(key === null ? [] : [`authorization: Bearer ${key}`]),
      `content-length: ${body.length}`,
      '',
      body,
    ].join('\r\n');
  }

  /** Every client asks again as soon as it has an answer. */
  async closed(seconds: number): Promise<Outcomes> {
    this.start();
    const end = this.begin + seconds * 1000;
    const again = () => performance.now() < end && this.send(again);
    for (let i = 0; i < this.maxSockets; i++) this.send(again);
    await sleep(seconds * 1000);
    return this.finish();
  }

  /** Requests arrive at a fixed rate, whether the former ones have been answered or not. */
  async open(perSecond: number, seconds: number): Promise<Outcomes> {
    this.start();
    let arrivals = 0;
    for (let elapsed = 0; elapsed < seconds * 1000; elapsed = performance.now() - this.begin) {
      const due = Math.floor((elapsed / 1000) * perSecond);
      while (arrivals < due) {
        this.send(() => undefined);
        arrivals++;
      }
      await sleep(2);
    }
    return this.finish();
  }

  private start(): void {
    this.begin = performance.now();
    this.outcomes = noOutcomes();
  }

  private send(after: () => void): void {
    const client = this.takeFree() ?? this.connect();
    if (client === null) return void this.outcomes.unsent++;
    this.outcomes.sent++;
    client.ask(this.message, (code, durationMs, hasRetryAfter) => {
      const { codes, servedMs, refusedMs } = this.outcomes;
      codes.set(code, (codes.get(code) ?? 0) + 1);
      if (code === 'ok') {
        servedMs.push(durationMs);
        this.outcomes.seconds = (performance.now() - this.begin) / 1000;
      }
      if (code === 'OVERLOADED') refusedMs.push(durationMs);
      if (code === 'OVERLOADED' && !hasRetryAfter) this.outcomes.withoutRetryAfter++;
      if (this.all.has(client)) this.free.add(client);
      after();
    });
  }

  private takeFree(): Client | undefined {
    const [client] = this.free;
    this.free.delete(client);
    return client;
  }

  private connect(): Client | null {
    if (this.all.size >= this.maxSockets) return null;
    const client: Client = new Client(this.url, () => {
      this.all.delete(client);
      this.free.delete(client);
    });
    this.all.add(client);
    return client;
  }

  private async finish(): Promise<Outcomes> {
    const end = performance.now() + PATIENCE_MS;
    while (this.free.size < this.all.size && performance.now() < end) await sleep(20);
    return this.outcomes;
  }
}

function noOutcomes(): Outcomes {
  return { codes: new Map(), servedMs: [], refusedMs: [], seconds: 0, sent: 0, unsent: 0, withoutRetryAfter: 0 };
}

type Answer = (code: string, durationMs: number, hasRetryAfter: boolean) => void;

class Client {
  private readonly socket: Socket;
  private text = '';
  private begin = 0;
  private answer: Answer | null = null;

  constructor(url: string, onClose: () => void) {
    const { hostname, port } = new URL(url);
    this.socket = connect(Number(port), hostname).setNoDelay(true).setEncoding('latin1');
    this.socket.on('data', (chunk: string) => this.read(chunk));
    this.socket.on('error', () => undefined);
    this.socket.once('close', () => {
      onClose();
      this.settle('closed', false);
    });
  }

  ask(message: string, answer: Answer): void {
    this.answer = answer;
    this.begin = performance.now();
    this.socket.write(message);
  }

  private read(chunk: string): void {
    this.text += chunk;
    const head = this.text.indexOf('\r\n\r\n');
    if (head < 0) return;
    const length = Number(/content-length: (\d+)/i.exec(this.text.slice(0, head))?.[1] ?? 0);
    if (this.text.length < head + 4 + length) return;
    const text = this.text;
    this.text = '';
    const error = /"code":"(\w+)"/.exec(text)?.[1];
    const code = error ?? (text.startsWith('HTTP/1.1 200') ? 'ok' : text.slice(9, 12));
    this.settle(code, /^retry-after: \d+/im.test(text.slice(0, head)));
  }

  private settle(code: string, hasRetryAfter: boolean): void {
    const { answer } = this;
    this.answer = null;
    answer?.(code, performance.now() - this.begin, hasRetryAfter);
  }
}

function sleep(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
