/** The database cannot be opened, or cannot be written to now; the message says what was expected. */
export class DatabaseError extends Error {
  override readonly name = 'DatabaseError';
}
