/** Read by relay-compiler, and never run. */
import { graphql } from 'relay-runtime';

graphql`
  query relayDocumentsListQuery($placement: String!) {
    recommendations(first: 3, placement: $placement) {
      listId
      nodes {
        rank
        item {
          id
          externalId
          title
        }
      }
    }
  }
`;

graphql`
  mutation relayDocumentsFeedbackMutation($input: RecordFeedbackInput!) {
    recordFeedback(input: $input) {
      recorded
      userErrors {
        message
      }
    }
  }
`;
