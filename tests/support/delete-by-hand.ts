/** Deletes rows as somebody may with SQLite's own tool, which checks no foreign keys. */
import Libsql from 'libsql';

import { sqlitePath } from '../../src/storage/sqlite-snapshot';
import type { TestDatabase } from './database';

export function deleteByHand({ url }: Pick<TestDatabase, 'url'>, table: 'Item' | 'User', where: string): void {
  const connection = new Libsql(sqlitePath(url));
  connection.pragma('foreign_keys = OFF');
  connection.exec(`DELETE FROM "${table}" WHERE ${where}`);
  connection.close();
}
