import 'reflect-metadata';

import { CurveInput } from '../../../graphql/training/inputs';

describe('CurveInput', () => {
  it('asks for 200 points unless another number is given, also for an explicit null', () => {
    const maxPoints = (points?: number | null) => Object.assign(new CurveInput(), { points }).maxPoints;
    expect([maxPoints(), maxPoints(null), maxPoints(2)]).toEqual([200, 200, 2]);
  });
});
