import { execute, type ExecutionResult, parse } from 'graphql';

import { endWithOperation } from '../../../src/api/deadline';
import { CancelledError } from '../../../src/errors';
import { createFakeApp, type FakeApp } from '../../support/fake-ports';

describe('endWithOperation', () => {
  let app: FakeApp;
  let life: AbortController;
  beforeEach(() => {
    app = createFakeApp();
    endWithOperation(app.schema);
    life = new AbortController();
  });

  /** Runs a document whose client goes when the call of a port has begun. */
  async function runUntil(port: 'items' | 'removeItems', document: string): Promise<ExecutionResult> {
    const { catalogue } = app.services;
    const run = catalogue[port].bind(catalogue) as (...args: unknown[]) => Promise<never>;
    catalogue[port] = async (...args: unknown[]) => {
      life.abort(new CancelledError());
      return run(...args);
    };
    const contextValue = { ...app.contextFor(await app.callerOf(undefined), life.signal), role: 'ADMIN' as const };
    return execute({ schema: app.schema, document: parse(document), contextValue });
  }
  const calledPorts = () => app.services.calls.map(({ port }) => port);

  it('loads nothing more for a query that nobody waits for', async () => {
    const { errors } = await runUntil(
      'items',
      '{ items(first: 2) { nodes { similarItems(first: 1) { nodes { id } } } } }',
    );
    expect(errors?.[0]).toMatchObject({ extensions: { code: 'CANCELLED' } });
    expect(calledPorts()).toEqual(['inTurn', 'items']);
  });

  it('lets a mutation run to its end, with all that it answers', async () => {
    const id = Buffer.from('Item:1').toString('base64url');
    const remove = `removeItems(input: { items: [{ id: "${id}" }] }) { items { similarItems(first: 1) { nodes { id } } } }`;
    const { errors } = await runUntil('removeItems', `mutation { ${remove} again: ${remove} }`);
    expect(errors).toBeUndefined();
    expect(calledPorts().filter((port) => port === 'removeItems')).toHaveLength(2);
  });
});
