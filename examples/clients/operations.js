/** The two operations that all of these clients run, and what they run them with. */

export const URL = `${process.env.TIGERQL_URL ?? 'http://localhost:4000'}/graphql`;
/** A storefront token or a key; without one there is no feedback. */
export const TOKEN = process.env.TIGERQL_TOKEN;

export const LIST = /* GraphQL */ `
  query List($placement: String!) {
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

export const FEEDBACK = /* GraphQL */ `
  mutation Feedback($input: RecordFeedbackInput!) {
    recordFeedback(input: $input) {
      recorded
      userErrors {
        message
      }
    }
  }
`;

/** @returns That the first item of the list was shown. */
export function shown({ listId, nodes: [{ item }] }) {
  return { feedback: [{ listId, item: { externalId: item.externalId }, kind: 'SHOWN' }] };
}

export function print({ nodes }) {
  for (const { rank, item } of nodes) console.log(`${rank}. ${item.title}`);
}
