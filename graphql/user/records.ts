/** Records about users, as the ports give them. */
import type { User } from './types';

export interface UserRecord extends User {
  readonly id: number;
}
