/** What crosses the ports about users. Plain data, no classes. */

export interface UserRecord {
  readonly id: number;
  readonly externalId: string;
}
