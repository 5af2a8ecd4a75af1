/** Refuses texts of a dataset that no database can keep. */
import { STORABLE_TEXT, unstorablePath } from '../storage/storable-text';
import { DatasetError } from './dataset';

/**
 * @param fields - By their names in the file, for the message.
 * @throws {DatasetError} When one of them has such a text anywhere.
 */
export function checkStorable(file: string, line: number | null, fields: unknown): void {
  const path = unstorablePath(fields);
  if (path !== null)
    throw new DatasetError(file, line, `${path.join('.')}: expected ${STORABLE_TEXT}, got one with them`);
}
