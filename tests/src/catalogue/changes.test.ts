import { userError } from '../../../graphql/common/errors';
import { positionOf } from '../../../src/catalogue/changes';

describe('positionOf', () => {
  it('reads the entry of the input from the path; -1 for an error of the whole input', () => {
    expect(positionOf(userError('INVALID', '', 'items', 3, 'title'))).toBe(3);
    expect(positionOf(userError('INVALID', ''))).toBe(-1);
  });
});
