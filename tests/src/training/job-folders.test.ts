import { copyFileSync, mkdirSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

import { loadCheckpoint, saveCheckpoint } from '../../../models/checkpoint/checkpoint';
import { FolderStore } from '../../../src/checkpoints/folder-store';
import { JobStates, type StoredState } from '../../../src/training/job-folders';
import { type CheckpointFolder, openCheckpointFolder } from '../../support/checkpoint-folder';

const JOB = `3-${'c'.repeat(32)}`;

describe('JobStates', () => {
  let files: CheckpointFolder;
  let store: FolderStore;
  let rows: StoredState[];
  let errors: string[];

  beforeEach(async () => {
    files = await openCheckpointFolder();
    [store, rows, errors] = [new FolderStore(files.dataDir), [], []];
  });

  const openStates = (
    stored: StoredState = {},
    fence = 1,
    storeState = async (state: StoredState) => void rows.push(state),
  ) =>
    new JobStates(stored, {
      store,
      jobName: JOB,
      fence,
      storeState,
      onError: (error) => errors.push((error as Error).name),
    });

  /** @returns A folder as the worker leaves it. Parts with the same number have the same files. */
  async function stateOf(name: string, parts: Readonly<Record<string, number>>): Promise<string> {
    const dir = join(files.dataDir, 'states', name);
    for (const [part, step] of Object.entries(parts)) {
      // In a folder of the job, to which the checkpoint is bound.
      const work = join(files.dataDir, 'work', '1', JOB, part);
      await saveCheckpoint(work, { tensors: {}, documents: { position: { step } } });
      mkdirSync(join(dir, part), { recursive: true });
      for (const file of readdirSync(work)) copyFileSync(join(work, file), join(dir, part, file));
    }
    return dir;
  }

  it('stores each part under a new key, keeps a part that has not changed, and removes what is replaced', async () => {
    const states = openStates();
    states.add(await stateOf('a', { tokenizer: 1, 'seq2seq-state': 5 }));
    await states.settled();
    states.add(await stateOf('b', { tokenizer: 1, 'seq2seq-state': 6 }));
    await states.settled();
    const keys = ['tokenizer', 'seq2seq-state'].map((part) => `jobs/${JOB}/${part}`);
    expect(Object.keys(rows[1]).sort()).toEqual(['seq2seq-state', 'tokenizer']);
    expect(rows[1].tokenizer).toBe(rows[0].tokenizer);
    expect(rows[1]['seq2seq-state']).not.toBe(rows[0]['seq2seq-state']);
    expect(rows[1]['seq2seq-state'].startsWith(keys[1])).toBe(true);
    expect((await store.list()).sort()).toEqual(Object.values(rows[1]).sort());
    expect(readdirSync(join(files.dataDir, 'states'))).toEqual([]);
  });

  it('gives the last state to the next holder, whose keys differ', async () => {
    const first = openStates();
    first.add(await stateOf('a', { 'tokenizer-state': 7 }));
    await first.settled();
    const next = openStates(rows[0], 2);
    const jobDir = join(files.dataDir, 'work', '2', JOB);
    await next.restore(jobDir);
    expect((await loadCheckpoint(join(jobDir, 'tokenizer-state'))).documents.position).toEqual({ step: 7 });
    next.add(await stateOf('b', { 'tokenizer-state': 8 }));
    await next.settled();
    expect(Object.values(rows[1])).toEqual([`jobs/${JOB}/tokenizer-state-2-1`]);
  });

  it('names no former part after a state that could not be stored', async () => {
    const faults = [null, new Error('no answer'), null];
    const states = openStates({}, 1, async (state) => {
      const fault = faults.shift();
      if (fault) throw fault;
      rows.push(state);
    });
    states.add(await stateOf('a', { 'seq2seq-state': 5 }));
    await states.settled();
    states.add(await stateOf('b', { 'seq2seq-state': 6 }));
    await states.settled();
    states.add(await stateOf('c', { 'seq2seq-state': 6, 'refresh-state': 1 }));
    await states.settled();
    const newest = await loadCheckpoint(await store.open(rows[1]['seq2seq-state']));
    expect(newest.documents.position).toEqual({ step: 6 });
  });

  it('refuses a state that is lost', async () => {
    const states = openStates({ tokenizer: `jobs/${JOB}/tokenizer-1-1` }, 2);
    await expect(states.restore(join(files.dataDir, 'work', '2', JOB))).rejects.toMatchObject({
      name: 'CheckpointError',
    });
  });
});
