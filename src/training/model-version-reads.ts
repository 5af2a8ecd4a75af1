/** Reads of the stored model versions and of the log of their activations. */
import type { Page, PageArgs } from '../../graphql/common/records';
import type { ActivationRecord, ModelVersionRecord } from '../../graphql/model-version/records';
import type { StoredVersion } from '../semantic-ids/active-tokenizer';
import { activationRows, type LogRow } from '../storage/change-log-reads';
import { idCursorsOf, newestFirst, pageOf } from '../storage/cursor-pages';
import type { Database } from '../storage/database';
import { modelVersionRecord } from '../storage/records';

const VERSION_CURSORS = idCursorsOf('modelVersions');

export class ModelVersionReads {
  constructor(private readonly client: Database['read']) {}

  row(id: number): Promise<StoredVersion | null> {
    return this.client.modelVersion.findUnique({ where: { id }, include: { tokenizer: true } });
  }

  activeRow(): Promise<StoredVersion | null> {
    return this.client.modelVersion.findFirst({ where: { status: 'ACTIVE' }, include: { tokenizer: true } });
  }

  async version(id: number): Promise<ModelVersionRecord | null> {
    const row = await this.row(id);
    return row && modelVersionRecord(row);
  }

  /** Newest first. */
  async versions(page: PageArgs): Promise<Page<ModelVersionRecord>> {
    const rows = await this.client.modelVersion.findMany(newestFirst(page, VERSION_CURSORS));
    return pageOf(rows, page.first, VERSION_CURSORS, modelVersionRecord);
  }

  /** @returns The version that was active before the active one; also null when that has been activated again and again since. */
  async former(): Promise<ModelVersionRecord | null> {
    const last = await this.activations(0, 'desc');
    const active = last[0]?.modelVersion.id;
    return last.find(({ modelVersion }) => modelVersion.id !== active)?.modelVersion ?? null;
  }

  /** The next ones, oldest first. */
  activationsAfter(catalogueVersion: number): Promise<ActivationRecord[]> {
    return this.activations(catalogueVersion, 'asc');
  }

  private async activations(after: number, order: 'asc' | 'desc'): Promise<ActivationRecord[]> {
    const rows = await activationRows(this.client, after, order);
    const idOf = ({ payload }: LogRow) => (payload as { modelVersionId?: number }).modelVersionId ?? 0;
    const found = await this.client.modelVersion.findMany({ where: { id: { in: rows.map(idOf) } } });
    const records = new Map(found.map((row) => [row.id, modelVersionRecord(row)]));
    return rows.flatMap((row) => {
      const modelVersion = records.get(idOf(row));
      return modelVersion === undefined ? [] : { catalogueVersion: row.version, modelVersion };
    });
  }
}
