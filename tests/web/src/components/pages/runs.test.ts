import { runsOf } from '../../../../../web/src/components/pages/runs';

describe('runsOf', () => {
  const row = (kind: string | null, second: number) => ({ kind, at: new Date(1_000 * second).toISOString() });
  const lengths = (rows: readonly ReturnType<typeof row>[]) =>
    runsOf(
      rows,
      ({ at }) => at,
      ({ kind }) => kind,
    ).map((run) => run.length);

  it('joins the calls of one deed, and no others', () => {
    expect(lengths([row('UPSERT', 200), row('UPSERT', 190), row('UPSERT', 131)])).toEqual([3]);
    expect(lengths([row('UPSERT', 200), row('REMOVE', 199), row('UPSERT', 198)])).toEqual([1, 1, 1]);
    expect(lengths([row('UPSERT', 200), row('UPSERT', 139)])).toEqual([1, 1]);
    expect(lengths([row(null, 200), row(null, 200)])).toEqual([1, 1]);
  });
});
