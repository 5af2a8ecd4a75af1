/** Sends operations by fetch: with a token that is renewed, and again where the same request may succeed later. */
import type { TypedDocument } from './documents.js';

export interface TransportOptions {
  /** The server's GraphQL address, such as `https://api.example.com/graphql`. */
  readonly url: string;
  /** Gives a storefront token (or, on your server, a key), null for none. It is asked again when the token has ended. */
  readonly token?: () => string | null | Promise<string | null>;
  /** How often an operation is sent at most; 3 if absent. */
  readonly attempts?: number;
  /** The time that one attempt may take; 10,000 if absent. */
  readonly timeoutMs?: number;
}

export interface SendOptions {
  readonly signal?: AbortSignal;
  /** Whether the request outlives its page. It has one attempt, with the token that is there. */
  readonly keepalive?: boolean;
}

/** The server refused an operation or cannot be reached. `code` is for programs: see docs/errors.md. */
export class TigerqlError extends Error {
  override readonly name = 'TigerqlError';

  constructor(
    message: string,
    readonly code: string,
    readonly retryAfterSeconds: number | null = null,
  ) {
    super(message);
  }

  /** Whether the same request may succeed later. */
  get isPassing(): boolean {
    return PASSING.includes(this.code);
  }
}

/** `NETWORK`: no answer came, or one that is not GraphQL's. `NO_TOKEN`: the shop gave no token. */
const PASSING = [
  'DATABASE_UNAVAILABLE',
  'NETWORK',
  'NO_TOKEN',
  'OVERLOADED',
  'SERVER_UNAVAILABLE',
  'TOO_MANY_OPERATIONS',
  'TRY_AGAIN',
];
const MAX_WAIT_SECONDS = 30;
/** A token that ends so soon is renewed before it is sent. */
const RENEW_SECONDS = 20;

interface Answer {
  readonly data?: unknown;
  readonly errors?: readonly {
    readonly message: string;
    readonly extensions?: { readonly code?: string; readonly retryAfterSeconds?: number };
  }[];
}

export class Transport {
  private token: Promise<string | null> | null = null;
  /** The token that came last, for requests that cannot wait. */
  private present: string | null = null;

  constructor(private readonly options: TransportOptions) {}

  /** @throws {TigerqlError} When a part of the answer has failed, or the last attempt. */
  async send<Result, Variables>(
    document: TypedDocument<Result, Variables>,
    variables: Variables,
    { signal, keepalive = false }: SendOptions = {},
  ): Promise<Result> {
    const body = JSON.stringify({ query: document, variables });
    if (keepalive) return this.post<Result>(body, this.present, { keepalive });
    for (let attempt = 1, isRenewed = false; ; attempt++) {
      try {
        return await this.post<Result>(body, await this.freshToken(), { signal: this.signalOf(signal) });
      } catch (error) {
        signal?.throwIfAborted();
        if (!(error instanceof TigerqlError)) throw error;
        if (error.code === 'UNAUTHENTICATED' && !isRenewed) {
          isRenewed = true;
          this.token = null;
          attempt--;
        } else {
          if (!error.isPassing || attempt >= (this.options.attempts ?? 3)) throw error;
          await wait(error.retryAfterSeconds ?? 2 ** attempt / 4);
          signal?.throwIfAborted();
        }
      }
    }
  }

  /** Gets a token, or a new one, for requests that cannot wait for it. */
  prepare(): void {
    this.freshToken().catch(() => undefined); // the next request says what is wrong
  }

  /** @param authorization - A token or key. */
  private async post<Result>(body: string, authorization: string | null, init: RequestInit): Promise<Result> {
    const headers = {
      'content-type': 'application/json',
      ...(authorization !== null && { authorization: `Bearer ${authorization}` }),
    };
    let response: Response | null = null;
    try {
      response = await fetch(this.options.url, { ...init, method: 'POST', headers, body });
      return resultOf<Result>((await response.json()) as Answer);
    } catch (error) {
      if (error instanceof TigerqlError) throw error;
      const got = response === null ? String(error) : `status ${response.status} without GraphQL`;
      const after = Number(response?.headers.get('retry-after') ?? NaN);
      throw new TigerqlError(`${this.options.url}: expected an answer, got ${got}`, 'NETWORK', after || null);
    }
  }

  private signalOf(signal: AbortSignal | undefined): AbortSignal {
    const timeout = AbortSignal.timeout(this.options.timeoutMs ?? 10_000);
    return signal ? AbortSignal.any([signal, timeout]) : timeout;
  }

  /** All requests that wait for a token wait for the same one. */
  private async freshToken(): Promise<string | null> {
    const held = this.token;
    try {
      if (held !== null && endsSoon(await held) && this.token === held) this.token = null;
      return (this.present = await (this.token ??= this.ask()));
    } catch (error) {
      this.token = null;
      throw new TigerqlError(`token: expected a new one, got ${String(error)}`, 'NO_TOKEN');
    }
  }

  private async ask(): Promise<string | null> {
    return (await this.options.token?.()) ?? null;
  }
}

function resultOf<Result>({ data, errors }: Answer): Result {
  const [first] = errors ?? [];
  if (first === undefined) return data as Result;
  const { code = 'INTERNAL_SERVER_ERROR', retryAfterSeconds = null } = first.extensions ?? {};
  throw new TigerqlError(first.message, code, retryAfterSeconds);
}

/** @returns Whether it is a JWT that has ended, or does soon. */
function endsSoon(token: string | null): boolean {
  const [, content] = token?.match(/^[\w-]+\.([\w-]+)\.[\w-]+$/) ?? [];
  if (content === undefined) return false;
  const { exp = Infinity } = JSON.parse(atob(content.replace(/-/g, '+').replace(/_/g, '/'))) as { exp?: number };
  return exp - RENEW_SECONDS < Date.now() / 1000;
}

/** A part of the wait is chance, so that pages which were refused together do not come back together. */
function wait(seconds: number): Promise<void> {
  const ms = Math.min(seconds, MAX_WAIT_SECONDS) * (1 + Math.random() / 4) * 1000;
  return new Promise((resolve) => setTimeout(resolve, ms));
}
