/** urql 6, its core: `TIGERQL_TOKEN=… node urql.js`. */
import { cacheExchange, Client, fetchExchange } from '@urql/core';

import { FEEDBACK, LIST, print, shown, TOKEN, URL } from './operations.js';

const client = new Client({
  url: URL,
  exchanges: [cacheExchange, fetchExchange],
  // Short queries would come by GET, which a server takes from pages, or with a key.
  preferGetMethod: false,
  fetchOptions: { headers: TOKEN === undefined ? {} : { authorization: `Bearer ${TOKEN}` } },
});

const { data, error } = await client.query(LIST, { placement: 'example/urql' });
if (error) throw error;
print(data.recommendations);
if (TOKEN !== undefined) {
  const answer = await client.mutation(FEEDBACK, { input: shown(data.recommendations) });
  if (answer.error) throw answer.error;
  console.log(answer.data.recordFeedback);
}
