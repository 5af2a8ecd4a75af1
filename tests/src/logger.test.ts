import { PassThrough } from 'node:stream';

import { createLogger } from '../../src/logger';

function textOf(isTTY: boolean, level: 'info' | 'warn' = 'info'): string {
  const stream = Object.assign(new PassThrough(), { isTTY });
  const logger = createLogger(level, stream);
  logger.info({ jobId: 7 }, 'The job began.');
  logger.warn('The disk is almost full.');
  return String(stream.read() ?? '');
}

describe('createLogger', () => {
  it('writes one JSON object per line where no person reads', () => {
    const lines = textOf(false).trim().split('\n');
    expect(lines.map((line) => JSON.parse(line))).toMatchObject([
      { level: 30, jobId: 7, msg: 'The job began.' },
      { level: 40, msg: 'The disk is almost full.' },
    ]);
  });

  it('writes text on a terminal', () => {
    const text = textOf(true);
    expect(text).toContain('The job began.');
    expect(text).not.toContain('{"level"');
  });
});
