/** The messages of the thread that reads training data. */
import type { DatabaseSettings } from '../config';
import type { TrainRequest } from '../workers/messages';
import type { DataScope } from './training-data';

export interface ReadDataRequest {
  readonly type: 'read';
  readonly databaseUrl: string;
  readonly database: DatabaseSettings;
  readonly job: DataScope;
  readonly jobDir: string;
}

export interface DataProtocol {
  read: { request: ReadDataRequest; reply: TrainRequest };
}
