import { join } from 'node:path';

import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StdioClientTransport } from '@modelcontextprotocol/sdk/client/stdio.js';

import { PACKAGE_ROOT } from '../../../src/paths';
import { openCommandFolder } from '../../support/command-run';
import { KEYS } from '../../support/fake-ports';
import { open, server, start } from '../../support/fake-server';

describe('tigerql mcp', () => {
  it('gives an agent that starts it the tools of a server, by the key of TIGERQL_KEY', async () => {
    await start();
    const args = [join(PACKAGE_ROOT, 'dist', 'src', 'main.js'), 'mcp', '--url', server.url];
    const transport = new StdioClientTransport({ command: process.execPath, args, env: { TIGERQL_KEY: KEYS.ADMIN } });
    const client = new Client({ name: 'agent', version: '1' });
    open.push({ dispose: () => client.close() });
    await client.connect(transport);
    const { tools } = await client.listTools();
    expect(tools.map(({ name }) => name)).toEqual(expect.arrayContaining(['search_catalog', 'start_training']));
    const { structuredContent } = await client.callTool({ name: 'similar', arguments: { item: 'item-1' } });
    expect(structuredContent).toMatchObject({ items: expect.any(Array) });
  });

  it('refuses an address that is none', async () => {
    const { code, stderr } = await openCommandFolder().run(['mcp', '--url', 'shop']);
    expect([code, stderr]).toEqual([
      2,
      expect.stringContaining('Expected an address such as https://api.example.com.'),
    ]);
  });
});
