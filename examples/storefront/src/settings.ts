/** The shop's settings, from the environment. `start.mjs` gives them. */
import type { User } from './page';

/** Customers of the demo shop, by what they buy. */
const DEMO_USERS = '1028:Ivy sews,1889:Edith bakes,186:Sam has children';

const { env } = process;

export const settings = {
  port: Number(env.SHOP_PORT ?? 3000),
  /** Where the server is. */
  api: `${env.TIGERQL_URL}/graphql`,
  /** A key of role WRITER. It never leaves this process. */
  key: env.TIGERQL_KEY ?? '',
  tokenSecret: env.TIGERQL_JWT_SECRET ?? '',
  users: (env.SHOP_USERS ?? DEMO_USERS).split(',').map((user): User => {
    const [id, name] = user.split(':');
    return { id, name };
  }),
};
