import { createAccess, fromStore } from '../../../src/process/process-parts';
import type { CodeAssigner } from '../../../src/semantic-ids/code-assigner';
import { testConfig } from '../../support/fake-ports';

describe('createAccess', () => {
  it('has the read access and the tokens of the settings', async () => {
    const settings = { TIGERQL_READ_ACCESS: 'key', TIGERQL_JWT_SECRET: 'a-shared-secret-of-more-than-32-bytes' };
    const access = createAccess(testConfig(settings), null as never, null as never);
    expect(await access.readAccess()).toBe('key');
    expect(access.tokens.isToken('eyJa.b.c')).toBe(true);
    expect(createAccess(testConfig(), null as never, null as never).tokens.isToken('eyJa.b.c')).toBe(false);
  });
});

describe('fromStore', () => {
  const asked: unknown[] = [];
  const inner = {
    encode: async () => 'encoded',
    assign: async (...args: unknown[]) => asked.push(['assign', ...args]),
    rankLastLevel: async (...args: unknown[]) => asked.push(['rankLastLevel', ...args]),
  } as unknown as CodeAssigner;
  beforeEach(() => asked.splice(0));

  it('gives a worker the folder of a key, and all else as it comes', async () => {
    const assigner = fromStore(async (key) => `/data/${key}`, inner);
    const vectors = Float32Array.of(1, 2);
    await assigner.assign('jobs/1/checkpoint', vectors, 2);
    await assigner.rankLastLevel('jobs/2/checkpoint', vectors, 2);
    expect(asked).toEqual([
      ['assign', '/data/jobs/1/checkpoint', vectors, 2],
      ['rankLastLevel', '/data/jobs/2/checkpoint', vectors, 2],
    ]);
    expect(await assigner.encode([])).toBe('encoded');
  });

  it('asks no worker for a checkpoint that the store does not have', async () => {
    const assigner = fromStore(() => Promise.reject(new Error('expected a checkpoint')), inner);
    await expect(assigner.assign('gone', new Float32Array(), 2)).rejects.toThrow('expected a checkpoint');
    expect(asked).toEqual([]);
  });
});
