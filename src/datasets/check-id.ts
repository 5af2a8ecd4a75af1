/** Refuses ids of a dataset that no caller of the API could give. */
import { isLongerThan } from '../../graphql/common/bounds';
import { MAX_ID } from '../../graphql/common/limits';
import { DatasetError } from './dataset';

/**
 * @param name - Of the field in the file, for the message.
 * @throws {DatasetError} When the id is blank or too long.
 */
export function checkId(file: string, line: number, name: string, id: string): void {
  if (id.trim() === '') throw new DatasetError(file, line, `${name}: expected an id, got a blank one`);
  if (!isLongerThan(id, MAX_ID)) return;
  const start = JSON.stringify(id.slice(0, 40));
  throw new DatasetError(
    file,
    line,
    `${name}: expected an id of at most ${MAX_ID} characters, got ${id.length}, which begin ${start}`,
  );
}
