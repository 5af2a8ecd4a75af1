import type { Prisma } from '../../prisma/generated/sqlite/client';

/** What the work of one transaction reads and writes with. */
export type Transaction = Prisma.TransactionClient;
