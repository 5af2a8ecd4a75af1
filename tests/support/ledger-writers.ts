/** One writer for each mutation, with rows of its own, so that what it has written last is what must be there. */
import { rowOf } from '../../graphql/common/global-id';
import { codesKey } from '../../src/storage/code-keys';
import type { Ledger } from './ledger';
import { familyVector } from './little-shop';
import type { Mutate } from './trained-shop';

export type Writer = (ledger: Ledger, mutate: Mutate) => Promise<void>;

export const WRITERS: readonly Writer[] = [
  addItem,
  updateItem,
  removeAndRestore,
  recordEvents,
  reassignAndUndo,
  makeAndRevokeKey,
  activate,
  startAndCancel,
];

async function addItem(ledger: Ledger, mutate: Mutate): Promise<void> {
  const n = ledger.next();
  const item = { externalId: `new-${n}`, title: `New ${n}`, embedding: familyVector(n % 4, n) };
  const names = [`title new-${n}`, `removed new-${n}`];
  await ledger.write(
    names,
    () => mutate('upsert-items', { items: [item] }),
    () => [`New ${n}`, 'false'],
  );
}

async function updateItem(ledger: Ledger, mutate: Mutate): Promise<void> {
  const title = `Title ${ledger.next()}`;
  const items = [{ item: { externalId: 'item-1' }, title }];
  await ledger.write(
    ['title item-1'],
    () => mutate('update-items', { items }),
    () => [title],
  );
}

async function removeAndRestore(ledger: Ledger, mutate: Mutate): Promise<void> {
  const items = [{ id: ledger.itemIds.get('item-2') }];
  await ledger.write(
    ['removed item-2'],
    () => mutate('remove-items', { items }),
    () => ['true'],
  );
  await ledger.write(
    ['removed item-2'],
    () => mutate('restore-items', { items }),
    () => ['false'],
  );
}

async function recordEvents(ledger: Ledger, mutate: Mutate): Promise<void> {
  const eventIds = [ledger.next(), ledger.next(), ledger.next()].map((n) => `event-${n}`);
  const interactions = eventIds.map((eventId) => ({
    eventId,
    user: { externalId: 'user-1' },
    item: { externalId: 'item-4' },
  }));
  const names = eventIds.map((eventId) => `event ${eventId}`);
  await ledger.write(
    names,
    () => mutate('record-interactions', { interactions }),
    () => names.map(() => 'recorded'),
  );
}

async function reassignAndUndo(ledger: Ledger, mutate: Mutate): Promise<void> {
  const n = ledger.next();
  const name = 'codes item-3';
  const assignments = [{ item: { externalId: 'item-3' }, codes: [n % 8, 7, 7] }];
  const { catalogueVersion, changes, userErrors } = await ledger.write(
    [name],
    () => mutate('reassign-semantic-ids', { assignments }),
    () => [codesKey(assignments[0].codes)],
  );
  if (userErrors.length > 0 || changes.length === 0) return;
  await ledger.write(
    [name],
    () => mutate('undo-reassignment', { catalogueVersion }),
    () => [codesKey(changes[0].before)],
  );
}

async function makeAndRevokeKey(ledger: Ledger, mutate: Mutate): Promise<void> {
  const name = `key-${ledger.next()}`;
  const make = () => mutate('create-api-key', { name, role: 'READER' });
  const { apiKey } = await ledger.write([`key ${name}`], make, () => ['valid']);
  await ledger.write(
    [`key ${name}`],
    () => mutate('revoke-api-key', { apiKeyId: apiKey.id }),
    () => ['revoked'],
  );
}

async function activate(ledger: Ledger, mutate: Mutate): Promise<void> {
  const modelVersionId = ledger.versionIds[ledger.next() % 2];
  const live = String(rowOf('ModelVersion', modelVersionId));
  await ledger.write(
    ['live version'],
    () => mutate('activate-model-version', { modelVersionId }),
    () => [live],
  );
}

async function startAndCancel(ledger: Ledger, mutate: Mutate): Promise<void> {
  const { job } = await mutate('start-training', { preset: 'TINY', activateWhenBetter: false });
  const name = `job ${rowOf('TrainingJob', job.id)}`;
  await ledger.write(
    [name],
    () => mutate('cancel-training', { jobId: job.id }),
    () => ['CANCELLED'],
  );
}
