/**
 * The Model Context Protocol over HTTP, without sessions: each request stands for itself, so that any server behind a proxy answers it. A
 * tool runs a GraphQL document as its caller, and knows no other way to the shop.
 */
import { McpServer } from '@modelcontextprotocol/sdk/server/mcp.js';
import { StreamableHTTPServerTransport } from '@modelcontextprotocol/sdk/server/streamableHttp.js';
import type { CallToolResult } from '@modelcontextprotocol/sdk/types.js';
import type { Request, Response } from 'express';
import type { FormattedExecutionResult } from 'graphql';
import { z } from 'zod';

import type { Caller } from '../../graphql/api-key/records';
import { PublicError } from '../errors';
import { packageVersion } from '../paths';
import { ADMIN_TOOLS } from './admin-tools';
import { SHOPPER_TOOLS } from './shopper-tools';
import { type Arguments, type Links, NOTICE, type Tool, ToolError } from './tool';

/** Who asks, and how an operation of theirs is run. */
export interface McpCall {
  readonly caller: Caller;
  readonly links: Links;
  run(document: string, variables: Arguments): Promise<FormattedExecutionResult>;
}

/** Answers one request, whose body has been read. */
export async function answerMcp(request: Request, response: Response, call: McpCall): Promise<void> {
  // Each call is admitted by itself. The protocol has had no batches since its version 2025-06-18.
  if (Array.isArray(request.body))
    throw new PublicError(
      'BAD_REQUEST',
      'body: expected one message, got a list; send each in a request of its own',
      400,
    );
  const server = mcpServerFor(call);
  const transport = new StreamableHTTPServerTransport({ sessionIdGenerator: undefined, enableJsonResponse: true });
  response.once('close', () => void server.close());
  await server.connect(transport);
  await transport.handleRequest(request, response, request.body);
}

const VERSION = packageVersion();

function mcpServerFor(call: McpCall): McpServer {
  const server = new McpServer(
    { name: 'tigerql', title: 'tigerql: search and recommendations of a shop', version: VERSION },
    { instructions: `Every answer is JSON. ${NOTICE}` },
  );
  const tools = call.caller.role === 'ADMIN' ? [...SHOPPER_TOOLS, ...ADMIN_TOOLS] : SHOPPER_TOOLS;
  for (const tool of tools) {
    const { name, description, input, output, changes = false } = tool;
    const annotations = { readOnlyHint: !changes, destructiveHint: false, openWorldHint: false };
    // An argument that is misspelt is refused: left out, a condition of the agent would be lost.
    const form = { description, inputSchema: z.strictObject(input), outputSchema: output, annotations };
    server.registerTool(name, form, (args) => callTool(tool, args, call));
  }
  // A key has the same tools all the time, and nothing is told to a caller who does not ask.
  server.server.registerCapabilities({ tools: { listChanged: false } });
  return server;
}

/** @throws {ToolError} As the agent reads it: the SDK makes an answer of it. */
async function callTool(tool: Tool, args: Arguments, { caller, links, run }: McpCall): Promise<CallToolResult> {
  const { data, errors } = await run(tool.document, tool.variables?.(args, caller) ?? args);
  if (errors)
    throw new ToolError(errors.map(({ message, extensions }) => `${extensions?.code}: ${message}`).join('\n'));
  const text = JSON.stringify({ notice: NOTICE, ...tool.result(data, links) }, withoutNulls);
  return { structuredContent: JSON.parse(text), content: [{ type: 'text', text }] };
}

const withoutNulls = (_key: string, value: unknown) => value ?? undefined;
