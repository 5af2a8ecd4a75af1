/** The changes that a server has acknowledged, to look for them after a kill. */
import type { Database } from '../../src/storage/database';
import type { TestClient } from './graphql-client';
import { type Payload, train } from './trained-shop';

export class Ledger {
  acknowledged = 0;
  refused = 0;
  readonly itemIds = new Map<string, string>();
  readonly versionIds: string[] = [];
  /** The values of rows, by a name of the row. A row with a write under way is absent. */
  private readonly state = new Map<string, string>();
  private lastNumber = 0;

  /** Trains a second model with the same tokenizer, so that items keep their codes when it is activated. */
  async begin(admin: TestClient): Promise<void> {
    const { modelVersion } = await train(admin, {
      preset: 'tiny',
      seed: 2,
      reuseTokenizer: true,
      activateWhenBetter: false,
    });
    const data = (
      await admin.execute('{ items(first: 100) { nodes { id externalId } } activeModel { id } }')
    ).expectData();
    for (const { id, externalId } of data.items.nodes) this.itemIds.set(externalId, id);
    this.versionIds.push(data.activeModel.id, modelVersion.id);
  }

  /** @returns A number that it has not given before. */
  next(): number {
    return ++this.lastNumber;
  }

  /** Makes a write and, when it is acknowledged, keeps what the rows are then. @returns The payload. */
  async write(
    names: readonly string[],
    work: () => Promise<Payload>,
    after: (payload: Payload) => readonly string[],
  ): Promise<Payload> {
    for (const name of names) this.state.delete(name);
    const payload = await work();
    if (payload.userErrors.length > 0) this.refused++;
    else {
      this.acknowledged++;
      const values = after(payload);
      names.forEach((name, i) => this.state.set(name, values[i]));
    }
    return payload;
  }

  /** @returns Each row that is not as it was acknowledged. */
  async lostIn(database: Database): Promise<string[]> {
    const stored = await storedState(database);
    return [...this.state].flatMap(([name, value]) =>
      stored.get(name) === value ? [] : [`${name}: expected ${value}, got ${stored.get(name)}`],
    );
  }
}

async function storedState({ read }: Database): Promise<ReadonlyMap<string, string>> {
  const state = new Map<string, string>();
  const live = await read.modelVersion.findFirst({ where: { status: 'ACTIVE' } });
  for (const { externalId, title, removedAt } of await read.item.findMany()) {
    state.set(`title ${externalId}`, title);
    state.set(`removed ${externalId}`, String(removedAt !== null));
  }
  const codes = await read.semanticId.findMany({ where: { tokenizerId: live?.tokenizerId }, include: { item: true } });
  for (const row of codes) state.set(`codes ${row.item.externalId}`, row.codesKey);
  for (const { eventId } of await read.interaction.findMany()) state.set(`event ${eventId}`, 'recorded');
  for (const key of await read.apiKey.findMany())
    state.set(`key ${key.name}`, key.revokedAt === null ? 'valid' : 'revoked');
  for (const job of await read.trainingJob.findMany()) state.set(`job ${job.id}`, job.status);
  state.set('live version', String(live?.id));
  return state;
}
