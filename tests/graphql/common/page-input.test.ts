import 'reflect-metadata';

import { toPage } from '../../../graphql/common/page-input';

describe('toPage', () => {
  it('takes the default for an absent and for a null first', () => {
    expect(toPage({}, 20)).toEqual({ first: 20, after: null });
    expect(toPage({ first: null, after: null }, 50)).toEqual({ first: 50, after: null });
  });

  it('keeps what is given', () => {
    expect(toPage({ first: 3, after: 'x' }, 20)).toEqual({ first: 3, after: 'x' });
  });
});
