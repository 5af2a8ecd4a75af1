import { CheckpointError, isCheckpointError } from '../../../models/checkpoint/checkpoint-error';

describe('isCheckpointError', () => {
  it('knows one of this thread and one that came from another by its name', () => {
    expect(isCheckpointError(new CheckpointError('weights: expected 8 bytes, got 7'))).toBe(true);
    expect(isCheckpointError(Object.assign(new Error('from a worker'), { name: 'CheckpointError' }))).toBe(true);
    expect(isCheckpointError(new Error('CheckpointError'))).toBe(false);
    expect(isCheckpointError({ name: 'CheckpointError' })).toBe(false);
  });
});
