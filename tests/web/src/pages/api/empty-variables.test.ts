import { emptyVariables } from '../../../../../web/src/pages/api/empty-variables';

describe('emptyVariables', () => {
  it('names the variables that must be given', () => {
    expect(emptyVariables('query Q($id: ID!, $metric: String! = "loss", $points: Int) { a }')).toEqual({ id: '' });
    expect(emptyVariables('mutation M($input: AddInput!, $ids: [ID!]!, $first: Int!) { a }')).toEqual({
      input: {},
      ids: [],
      first: null,
    });
    expect(emptyVariables('{ a }')).toBeNull();
  });
});
