/** What crosses the ports about API keys. Plain data, no classes. */

export type Role = 'READER' | 'WRITER' | 'ADMIN';
