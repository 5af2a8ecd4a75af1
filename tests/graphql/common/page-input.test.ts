import 'reflect-metadata';

import { PageOf20, PageOf50 } from '../../../graphql/common/page-input';

describe('toPage', () => {
  it('takes the default for an absent and for a null first', () => {
    expect(new PageOf20().toPage()).toEqual({ first: 20, after: null });
    const nulls = Object.assign(new PageOf50(), { first: null, after: null });
    expect(nulls.toPage()).toEqual({ first: 50, after: null });
  });

  it('keeps what is given', () => {
    const page = Object.assign(new PageOf20(), { first: 3, after: 'x' });
    expect(page.toPage()).toEqual({ first: 3, after: 'x' });
  });
});
