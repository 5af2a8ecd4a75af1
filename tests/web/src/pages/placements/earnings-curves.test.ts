import { earningsCurves, type EarningsParts } from '../../../../../web/src/pages/placements/earnings-curves';

const TODAY = 20_000;

describe('earningsCurves', () => {
  const figures = (
    daysAgo: number,
    number: number | null,
    lists: number,
    clicked: number,
    total?: number,
    arm?: string,
  ) => ({
    arm: arm === undefined ? null : { name: arm, experiment: { startedAt: '2024-09-30T10:00:00Z' } },
    day: new Date(86_400_000 * (TODAY - daysAgo)).toISOString(),
    modelVersion: number === null ? null : { id: `version-${number}`, number },
    isPopularity: number === null,
    lists,
    clicked: { count: clicked },
    purchased: { count: 0 },
    revenue: total === undefined ? [] : [{ currency: 'EUR', total }],
  });
  const placements = [
    {
      name: 'home/top',
      figures: [figures(0, 2, 4, 1, 30), figures(2, 2, 10, 5, 10), figures(2, 1, 10, 0, undefined, 'new')],
    },
    { name: 'cart', figures: [figures(0, null, 100, 50)] },
  ];
  const curves = (figure: 'revenue' | 'clicked', parts: EarningsParts) =>
    earningsCurves(placements, { figure, parts, days: 7 }, TODAY).map(({ label, points }) => [
      label,
      points.map(({ step, value }) => [step - TODAY, value]),
    ]);

  it('has 0 for a day of a placement without lists, from its first day on, and one curve a currency', () => {
    expect(curves('revenue', 'placement')).toEqual([
      [
        'home/top, EUR',
        [
          [-2, 10],
          [-1, 0],
          [0, 30],
        ],
      ],
    ]);
  });

  it('divides by all lists of a day, and has no share of a day without lists; most lists come first', () => {
    expect(curves('clicked', 'placement')).toEqual([
      ['cart', [[0, 0.5]]],
      [
        'home/top',
        [
          [-2, 0.25],
          [0, 0.25],
        ],
      ],
    ]);
  });

  it('tells the makers of the lists apart', () => {
    expect(curves('clicked', 'version').map(([label]) => label)).toEqual([
      'cart, popularity',
      'home/top, version 2',
      'home/top, version 1',
    ]);
  });

  it('has the arms of experiments alone, with the day on which each began', () => {
    expect(curves('clicked', 'arm')).toEqual([['home/top, new since Sep 30', [[-2, 0]]]]);
  });
});
