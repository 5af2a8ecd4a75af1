/** Apollo Client 4: `TIGERQL_TOKEN=… node apollo.js`. */
import { ApolloClient, gql, HttpLink, InMemoryCache } from '@apollo/client';

import { FEEDBACK, LIST, print, shown, TOKEN, URL } from './operations.js';

// Items, model versions, jobs and users have a global `id`; all else belongs to what it stands in.
const cache = new InMemoryCache({ possibleTypes: { Node: ['Item', 'ModelVersion', 'TrainingJob', 'User'] } });
const headers = TOKEN === undefined ? {} : { authorization: `Bearer ${TOKEN}` };
const client = new ApolloClient({ cache, link: new HttpLink({ uri: URL, headers }) });

const { data } = await client.query({ query: gql(LIST), variables: { placement: 'example/apollo' } });
print(data.recommendations);
if (TOKEN !== undefined) {
  const input = shown(data.recommendations);
  const answer = await client.mutate({ mutation: gql(FEEDBACK), variables: { input } });
  console.log(answer.data.recordFeedback);
}
