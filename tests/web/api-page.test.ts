import { readFileSync } from 'node:fs';

import { emptyVariables, isSubscription, readVariables } from '../../web/src/pages/api/read-document';
import { schemaTypes } from '../../web/src/pages/api/schema-types';

describe('schemaTypes', () => {
  it('finds each type of the schema, with what it is for', () => {
    const schema = readFileSync('graphql/schema.graphql', 'utf8');
    const types = schemaTypes(schema);
    const named = [...schema.matchAll(/^(?:type|input|enum|interface|scalar|union) (\w+)/gm)].map(([, name]) => name);
    expect(types.map(({ name }) => name).sort()).toEqual(named.sort());
    expect(types.slice(0, 3).map(({ name }) => name)).toEqual(['Query', 'Mutation', 'Subscription']);
    const role = types.find(({ name }) => name === 'Role');
    expect(role?.description).toBe('What the holder of an API key may do.');
    expect(role?.text).toMatch(/^enum Role \{[\s\S]*\}$/);
  });
});

describe('read-document', () => {
  it('tells subscriptions from other documents', () => {
    expect(isSubscription('# News.\nsubscription News { a }')).toBe(true);
    expect(isSubscription('# subscription\nquery Q { subscription }')).toBe(false);
  });

  it('names the variables that must be given', () => {
    expect(emptyVariables('query Q($id: ID!, $metric: String! = "loss", $points: Int) { a }')).toBe('{\n  "id": ""\n}');
    expect(emptyVariables('{ a }')).toBe('');
  });

  it('says why variables cannot be read', () => {
    expect(readVariables('')).toEqual({ variables: {} });
    expect(readVariables('[1]')).toEqual({ error: expect.stringContaining('must be a JSON object') });
    expect(readVariables('{')).toEqual({ error: expect.stringContaining('not JSON') });
  });
});
