import { chosenOperation, emptyVariables, readVariables } from '../../../../../web/src/pages/api/read-document';

describe('read-document', () => {
  it('tells subscriptions from other documents', () => {
    expect(chosenOperation('# News.\nsubscription News { a }')).toEqual({ name: 'News', type: 'subscription' });
    expect(chosenOperation('# subscription\n{ subscription }')).toEqual({ name: null, type: 'query' });
    expect(chosenOperation('query {')).toBeNull();
  });

  it('chooses the operation around the cursor, else the first', () => {
    const document = 'query One { a }\n\nsubscription Two { b }\nfragment F on T { c }';
    expect(chosenOperation(document)?.name).toBe('One');
    expect(chosenOperation(document, document.indexOf('Two'))).toEqual({ name: 'Two', type: 'subscription' });
    expect(chosenOperation(document, document.length)?.name).toBe('One');
  });

  it('names the variables that must be given', () => {
    expect(emptyVariables('query Q($id: ID!, $metric: String! = "loss", $points: Int) { a }')).toBe('{\n  "id": ""\n}');
    expect(JSON.parse(emptyVariables('mutation M($input: AddInput!, $ids: [ID!]!, $first: Int!) { a }'))).toEqual({
      input: {},
      ids: [],
      first: null,
    });
    expect(emptyVariables('{ a }')).toBe('');
  });

  it('says why variables cannot be read', () => {
    expect(readVariables('')).toEqual({ variables: {} });
    expect(readVariables('[1]')).toEqual({ error: expect.stringContaining('must be a JSON object') });
    expect(readVariables('{')).toEqual({ error: expect.stringContaining('not JSON') });
  });
});
