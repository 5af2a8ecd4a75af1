import { enumOf } from '../common/enum-of';
import type * as records from './records';

export const Role = enumOf<records.Role>('Role', 'What the holder of an API key may do.', {
  READER: 'May read.',
  WRITER: 'May read and record interactions.',
  ADMIN: 'May do everything.',
});
