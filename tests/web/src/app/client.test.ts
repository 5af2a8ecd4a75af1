import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

import { GraphQLError } from 'graphql';
import { CombinedError, gql } from 'urql';

import { checkKey } from '../../../../web/src/app/check-key';
import { subscribePatiently } from '../../../../web/src/app/subscribe-patiently';
import { describeError, describeFailedChange, mayBeDone } from '../../../../web/src/components/states/describe-error';
import { retryAfterOf } from '../../../../web/src/components/states/retry-after';
import { ItemDetailDocument, ItemTotalDocument, RemoveItemsDocument } from '../../../../web/src/graphql/graphql';
import { answerOf, consoleClient } from '../../../support/console-client';
import { until } from '../../../support/until';

const coded = (code: string, facts: object = {}) =>
  new CombinedError({ graphQLErrors: [new GraphQLError('no', { extensions: { code, ...facts } })] });
const TITLE = gql<{ item: { title: string } }>(`{ item(externalId: "a") { __typename id title } }`);
const SAME_ITEM = gql(`{ other: item(externalId: "a") { __typename id title } }`);
const gone = new CombinedError({ networkError: new Error('gone') });

describe('a failed operation', () => {
  it('is told apart: a query is asked again, of a change nobody knows whether it was done', () => {
    expect(describeError(gone)).toMatch('It is tried again');
    expect(describeFailedChange(gone)).toBe(
      'The server does not answer. It may have done it or not: look before you try again.',
    );
    expect(describeFailedChange(coded('FORBIDDEN'))).toBe('This needs a key that allows it.');
    expect([gone, coded('DATABASE_UNAVAILABLE'), coded('FORBIDDEN')].map(mayBeDone)).toEqual([true, true, false]);
    expect(mayBeDone(coded('ANSWER_TOO_LARGE'))).toBe(true);
  });

  it('says when to ask again', () => {
    expect(retryAfterOf([{ extensions: { code: 'TOO_MANY_OPERATIONS', retryAfterSeconds: 4 } }])).toBe(4);
    expect(retryAfterOf([{ extensions: { code: 'OVERLOADED' } }])).toBe(1);
    expect(retryAfterOf([{ extensions: { code: 'FORBIDDEN' } }, {}])).toBeNull();
  });
});

describe('createClient', () => {
  const answers: object[] = [];
  const fetch = jest.spyOn(globalThis, 'fetch').mockImplementation(async () => answerOf(answers.shift()!));
  afterAll(() => fetch.mockRestore());
  const client = consoleClient();
  const errors = [{ message: 'no', path: ['item'], extensions: { code: 'OVERLOADED' } }];

  it('gives no data for a query of which a part failed: the null in it does not mean that nothing is there', async () => {
    answers.push({ data: { item: null }, errors });
    const { data, error } = await client.query(ItemDetailDocument, { externalId: 'a' }).toPromise();
    expect(data).toBeUndefined();
    expect(error?.graphQLErrors).toHaveLength(1);
    answers.push({ data: { item: null } });
    expect((await client.query(ItemDetailDocument, { externalId: 'b' }).toPromise()).data).toEqual({ item: null });
  });

  it('keeps saying that a query failed when only the cache has answered since', async () => {
    const item = { __typename: 'Item', id: '1', title: 'A' };
    const seen: string[] = [];
    const ask = () => client.query(TITLE, {}, { requestPolicy: 'network-only' });
    answers.push({ data: { item } });
    await ask().toPromise();
    answers.push({ errors }, { data: { other: { ...item, title: 'B' } } });
    const { unsubscribe } = ask().subscribe(({ data, error }) => seen.push(`${data?.item.title} ${error?.message}`));
    await until(() => seen.length === 1);
    await client.query(SAME_ITEM, {}, { requestPolicy: 'network-only' }).toPromise();
    await until(() => seen.length === 2);
    answers.push({ data: { item: { ...item, title: 'C' } } });
    ask().subscribe(() => {});
    await until(() => seen.at(-1) === 'C undefined');
    expect(seen.slice(0, 2)).toEqual(['undefined [GraphQL] no', 'B [GraphQL] no']);
    unsubscribe();
  });

  it('counts the items anew after some were removed', async () => {
    const count = () =>
      client.query(ItemTotalDocument, { removed: false }, { requestPolicy: 'cache-first' }).toPromise();
    answers.push({ data: { itemCount: 2 } });
    expect((await count()).data?.itemCount).toBe(2);
    expect((await count()).data?.itemCount).toBe(2);
    answers.push({
      data: { removeItems: { __typename: 'RemoveItemsPayload', items: [], catalogueVersion: 2, userErrors: [] } },
    });
    await client.mutation(RemoveItemsDocument, { input: { itemIds: ['i'] } }).toPromise();
    answers.push({ data: { itemCount: 1 } });
    expect((await count()).data?.itemCount).toBe(1);
  });
});

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

describe('checkKey', () => {
  it.each(['ключ', 'a b', 'a\u00a0'])('says that %j cannot be a key, without asking the server', async (key) => {
    expect(await checkKey(key)).toBe('A key has only letters, digits and signs.');
  });
});

describe('subscribePatiently', () => {
  afterEach(() => jest.useRealTimers());
  it('subscribes again when the server says when to come back, later each time, until it is ended', () => {
    jest.useFakeTimers();
    const sinks: { error(fault: unknown): void }[] = [];
    const ended = jest.fn();
    const socket = { subscribe: (_payload: unknown, sink: never) => (sinks.push(sink), ended) };
    const error = jest.fn();
    const end = subscribePatiently(socket as never, { query: '' }, { next() {}, error, complete() {} });
    const busy = [{ message: 'no', extensions: { code: 'OVERLOADED', retryAfterSeconds: 2 } }];
    sinks[0].error(busy);
    jest.advanceTimersByTime(1_999);
    expect(sinks).toHaveLength(1);
    jest.advanceTimersByTime(1);
    expect(sinks).toHaveLength(2);
    sinks[1].error(busy);
    jest.advanceTimersByTime(4_000);
    expect(sinks).toHaveLength(3);
    sinks[2].error([{ message: 'no', extensions: { code: 'FORBIDDEN' } }]);
    expect(error).toHaveBeenCalledTimes(1);
    sinks[2].error(busy);
    end();
    jest.runAllTimers();
    expect(sinks).toHaveLength(3);
    expect(ended).toHaveBeenCalled();
  });
});
