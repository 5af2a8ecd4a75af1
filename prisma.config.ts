/** Where Prisma's own command line finds the schema and its migrations; the server itself reads neither from here. */
import { defineConfig } from 'prisma/config';

const url = process.env.DATABASE_URL ?? 'file:./data/tigerql.db';
const isPostgresql = /^postgres(ql)?:/.test(url);

export default defineConfig({
  schema: isPostgresql ? 'prisma/schema.postgresql.prisma' : 'prisma/schema.prisma',
  migrations: { path: isPostgresql ? 'prisma/migrations/postgresql' : 'prisma/migrations/sqlite' },
  datasource: { url },
});
