import 'reflect-metadata';

import { FirstInput } from '../../../graphql/common/first-input';
import type { Context } from '../../../graphql/context';
import { CollisionReportResolver } from '../../../graphql/semantic-id/collision-report-resolver';

describe('CollisionReportResolver', () => {
  it('asks for as many groups as are wanted, and for 10 when no number is given', () => {
    const largestCollisionGroups = jest.fn(async () => []);
    const context = { catalogue: { largestCollisionGroups } } as unknown as Context;
    void new CollisionReportResolver().largestGroups(Object.assign(new FirstInput(), { first: 0 }), context);
    void new CollisionReportResolver().largestGroups(new FirstInput(), context);
    expect(largestCollisionGroups.mock.calls).toEqual([[0], [10]]);
  });
});
