/** The Model Context Protocol over stdin and stdout: passes each message to the server at an address, and its answer back. */
import { once } from 'node:events';
import type { Readable, Writable } from 'node:stream';

import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import { StdioServerTransport } from '@modelcontextprotocol/sdk/server/stdio.js';
import { isJSONRPCRequest, type JSONRPCMessage } from '@modelcontextprotocol/sdk/types.js';

import { messageOf } from '../message-of';

interface Ends {
  readonly stdin: Readable;
  readonly stdout: Writable;
  readonly signal: AbortSignal;
}

/** Ends with stdin, when all that came has been answered, or by the signal. */
export async function serveStdio(server: URL, key: string | undefined, { stdin, stdout, signal }: Ends): Promise<void> {
  const agent = new StdioServerTransport(stdin, stdout);
  const headers = key === undefined ? undefined : { authorization: `Bearer ${key}` };
  const remote = new StreamableHTTPClientTransport(new URL('/mcp', server), { requestInit: { headers } });
  const asked = new Set<Promise<void>>();
  agent.onmessage = (message) => {
    const answered = ask(message).finally(() => asked.delete(answered));
    asked.add(answered);
  };
  const ask = (message: JSONRPCMessage) =>
    remote.send(message).catch(async (error: unknown) => {
      if (!isJSONRPCRequest(message)) return;
      const fault = { code: SERVER_ERROR, message: `${server.origin}: ${messageOf(error)}` };
      await agent.send({ jsonrpc: '2.0', id: message.id, error: fault });
    });
  remote.onmessage = (message) => {
    const version = 'result' in message ? message.result.protocolVersion : undefined;
    if (typeof version === 'string') remote.setProtocolVersion(version);
    void agent.send(message);
  };
  await remote.start();
  await agent.start();
  await once(stdin, 'end', { signal }).catch(() => undefined);
  await Promise.all(asked);
  await Promise.all([agent.close(), remote.close()]);
}

/** A code that JSON-RPC leaves to servers. */
const SERVER_ERROR = -32_000;
