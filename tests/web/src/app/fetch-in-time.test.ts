import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

import { checkKey } from '../../../../web/src/app/key-store';
import { describeError, describeFailedChange } from '../../../../web/src/components/states/describe-error';
import { ItemDetailDocument } from '../../../../web/src/graphql/graphql';
import { consoleClient } from '../../../support/console-client';

describe('fetchInTime', () => {
  /** Answers nothing, or a part of an answer. */
  const server = createServer((request, response) => {
    if (request.headers['x-begin']) response.writeHead(200).write('{');
  });
  beforeAll(() => once(server.listen(0, '127.0.0.1'), 'listening'));
  afterEach(() => jest.restoreAllMocks());
  afterAll(() => {
    server.closeAllConnections();
    server.close();
  });
  const client = consoleClient();

  it.each<Record<string, string>>([{}, { 'x-begin': '1' }])(
    'gives up a server that hangs, and says what to do (%j)',
    async (headers) => {
      const { port } = server.address() as AddressInfo;
      const { fetch } = globalThis;
      const timeout = AbortSignal.timeout.bind(AbortSignal);
      jest.spyOn(AbortSignal, 'timeout').mockImplementation(() => timeout(1));
      jest
        .spyOn(globalThis, 'fetch')
        .mockImplementation((path, init) => fetch(`http://127.0.0.1:${port}${path}`, init));
      const { error } = await client.query(ItemDetailDocument, { externalId: 'a' }, { fetchOptions: { headers } });
      expect(describeError(error!)).toMatch('has not answered within two minutes. Try again');
      expect(describeFailedChange(error!)).toMatch('It may have done it or not');
      expect(await checkKey('key')).toMatch('does not answer');
    },
  );
});
