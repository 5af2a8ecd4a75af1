import { readFileSync } from 'node:fs';

import { schemaTypes } from '../../../../../web/src/pages/api/schema-types';

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
