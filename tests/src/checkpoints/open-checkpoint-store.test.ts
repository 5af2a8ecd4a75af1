import { openCheckpointStore } from '../../../src/checkpoints/open-checkpoint-store';
import { ConfigError } from '../../../src/config';

describe('openCheckpointStore', () => {
  const open = (checkpoints: string, databaseUrl: string) =>
    openCheckpointStore({
      checkpoints,
      databaseUrl,
      dataDir: '/tmp/tigerql-none',
    } as Parameters<typeof openCheckpointStore>[0]);

  it('names the setting when a SQLite file should keep them', () => {
    expect(() => open('postgres', 'file:./a.db')).toThrow(ConfigError);
    expect(() => open('postgres', 'file:./a.db')).toThrow(/^TIGERQL_CHECKPOINTS: expected file or s3/);
  });
});
