/**
 * Relay 21: `TIGERQL_TOKEN=… npm run relay`. The compiler reads the documents of relay-documents.js and graphql/schema.graphql; pages
 * that are built with babel-plugin-relay have them where they are used.
 */
import { commitMutation, Environment, fetchQuery, Network, RecordSource, Store } from 'relay-runtime';

import feedback from './__generated__/relayDocumentsFeedbackMutation.graphql.js';
import list from './__generated__/relayDocumentsListQuery.graphql.js';
import { print, shown, TOKEN, URL } from './operations.js';

const headers = {
  'content-type': 'application/json',
  ...(TOKEN !== undefined && { authorization: `Bearer ${TOKEN}` }),
};
const network = Network.create(async ({ text }, variables) => {
  const response = await fetch(URL, { method: 'POST', headers, body: JSON.stringify({ query: text, variables }) });
  return response.json();
});
const environment = new Environment({ network, store: new Store(new RecordSource()) });

const { recommendations } = await fetchQuery(environment, list, { placement: 'example/relay' }).toPromise();
print(recommendations);
if (TOKEN !== undefined) {
  const variables = { input: shown(recommendations) };
  commitMutation(environment, {
    mutation: feedback,
    variables,
    onCompleted: ({ recordFeedback }) => console.log(recordFeedback),
    onError: (error) => {
      throw error;
    },
  });
}
