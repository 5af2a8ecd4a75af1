/**
 * Clients ask for lists while models are swapped and semantic IDs are reassigned. Afterwards every list is compared with the
 * semantic IDs of the version that it names.
 */
import { codesOfKey } from '../../src/storage/code-keys';
import { openDatabase } from '../../src/storage/database';
import type { TestClient } from './graphql-client';
import { OPERATIONS } from './operations';

export interface SwapLoad {
  readonly admin: TestClient;
  readonly visitor: TestClient;
  readonly databaseUrl: string;
  /** Global ids of versions with tokenizers of their own, activated in turn. */
  readonly modelVersionIds: readonly string[];
  readonly itemIds: readonly string[];
  readonly userIds: readonly string[];
  readonly activations: number;
  readonly reassignments: number;
  readonly clients: number;
  /** Reassigned codes are below it. */
  readonly codebookSize: number;
  readonly numLevels: number;
}

export interface SwapLoadReport {
  readonly lists: number;
  /** Messages of requests that failed. */
  readonly failures: readonly string[];
  /** Lists with an item whose codes are not those of the version that the list names. */
  readonly mixed: readonly SeenList[];
  /** Pairs of model and catalogue version that made lists. */
  readonly versions: number;
  readonly slowestActivationMs: number;
}

/** A list as a client has seen it. */
export interface SeenList {
  readonly model: number;
  readonly catalogueVersion: number;
  readonly items: readonly { readonly externalId: string; readonly codes: readonly number[] }[];
}

const LIST = `query ($externalId: String!) {
  user(externalId: $externalId) {
    recommendations(first: 5, options: { coldStartShare: 0.4, beamWidth: 50 }) {
      catalogueVersion
      modelVersion { number }
      nodes { source item { externalId } explanation { code } }
    }
  }
}`;

export async function runSwapLoad(load: SwapLoad): Promise<SwapLoadReport> {
  const failures: string[] = [];
  const lists: SeenList[] = [];
  const activationTimes: number[] = [];
  let isDone = false;
  const attempt = (work: Promise<unknown>) => work.catch((error: unknown) => void failures.push(String(error)));
  const ask = async (client: number) => {
    for (let n = client; !isDone; n++) await attempt(seeList(load, load.userIds[n % load.userIds.length], lists));
  };
  const activate = async () => {
    for (let n = 0; n < load.activations; n++) {
      const begin = performance.now();
      const modelVersionId = load.modelVersionIds[n % load.modelVersionIds.length];
      await attempt(mutate(load.admin, 'activate-model-version', { modelVersionId }));
      activationTimes.push(performance.now() - begin);
    }
  };
  const reassign = async () => {
    for (let n = 0; n < load.reassignments; n++) {
      const codes = Array.from({ length: load.numLevels }, (_, level) => (n * 7 + level * 3) % load.codebookSize);
      const assignments = [{ item: { id: load.itemIds[(n * 5) % load.itemIds.length] }, codes }];
      await attempt(mutate(load.admin, 'reassign-semantic-ids', { assignments }));
    }
  };
  const asking = Array.from({ length: load.clients }, (_, client) => ask(client));
  await Promise.all([activate(), reassign()]);
  isDone = true;
  await Promise.all(asking);
  return {
    lists: lists.length,
    failures,
    mixed: await mixedLists(load.databaseUrl, lists),
    versions: new Set(lists.map(({ model, catalogueVersion }) => `${model}/${catalogueVersion}`)).size,
    slowestActivationMs: Math.max(...activationTimes),
  };
}

async function mutate(client: TestClient, operation: string, input: object): Promise<void> {
  const data = (await client.execute(OPERATIONS[operation], { input })).expectData();
  const [{ userErrors }] = Object.values<{ userErrors: { code: string }[] }>(data);
  // Codes that as many items as can have already are refused: no request fails by that.
  const failures = userErrors.filter(({ code }) => code !== 'OUT_OF_RANGE');
  if (failures.length > 0) throw new Error(`${operation}: ${JSON.stringify(failures)}`);
}

/** Asks for a user's list. */
export async function seeList(
  { visitor }: Pick<SwapLoad, 'visitor'>,
  externalId: string,
  lists: SeenList[],
): Promise<void> {
  const { recommendations } = (await visitor.execute(LIST, { externalId })).expectData().user;
  const { catalogueVersion, modelVersion, nodes } = recommendations;
  if (nodes.length === 0) throw new Error(`list of ${externalId}: expected items, got none`);
  const items = nodes
    .map((node: { item: { externalId: string }; explanation: { code: number }[] }) => ({
      externalId: node.item.externalId,
      codes: node.explanation.map(({ code }) => code),
    }))
    .filter(({ codes }: { codes: number[] }) => codes.length > 0); // an item of the item head alone has no codes
  if (items.length === 0) throw new Error(`list of ${externalId}: expected items with codes, got none`);
  lists.push({ model: modelVersion.number, catalogueVersion, items });
}

/** @returns The lists with an item whose codes are not those of the version that the list names. */
export async function mixedLists(databaseUrl: string, lists: readonly SeenList[]): Promise<SeenList[]> {
  const codesAt = await codeHistory(databaseUrl);
  return lists.filter(({ model, catalogueVersion, items }) =>
    items.some(({ externalId, codes }) => String(codes) !== String(codesAt(model, catalogueVersion, externalId))),
  );
}

type CodesAt = (model: number, catalogueVersion: number, externalId: string) => readonly number[] | null;

/** An item's codes at a version are those before its next change under the tokenizer; without such a change, those of today. */
async function codeHistory(databaseUrl: string): Promise<CodesAt> {
  const database = await openDatabase(databaseUrl);
  try {
    const { read } = database;
    const itemIds = new Map((await read.item.findMany()).map((item) => [item.externalId, item.id]));
    const tokenizers = new Map((await read.modelVersion.findMany()).map((row) => [row.number, row.tokenizerId]));
    const today = new Map((await read.semanticId.findMany()).map((row) => [`${row.tokenizerId}/${row.itemId}`, row.codesKey])); // prettier-ignore
    const changes = new Map<string, { version: number; beforeKey: string | null }[]>();
    const rows = await read.catalogueLogItem.findMany({ include: { log: true }, orderBy: { version: 'asc' } });
    for (const { version, itemId, beforeKey, log } of rows) {
      const key = `${(log.payload as { tokenizerId: number | null }).tokenizerId}/${itemId}`;
      changes.set(key, [...(changes.get(key) ?? []), { version, beforeKey }]);
    }
    return (model, catalogueVersion, externalId) => {
      const key = `${tokenizers.get(model)}/${itemIds.get(externalId)}`;
      const next = changes.get(key)?.find(({ version }) => version > catalogueVersion);
      const codes = next === undefined ? (today.get(key) ?? null) : next.beforeKey;
      return codes === null ? null : codesOfKey(codes);
    };
  } finally {
    await database.dispose();
  }
}
