import { enumOf } from '../common/enum-of';
import type * as records from './records';

export const Role = enumOf<records.Role>('Role', 'What the holder of an API key may do.', {
  READER: 'Read.',
  WRITER: 'Read, and record interactions.',
  ADMIN: 'Everything.',
});
