import { toGlobalId } from '../../../graphql/common/global-id';
import { serveFakeApi } from '../../support/fake-api';
import { OPERATIONS } from '../../support/operations';

const api = serveFakeApi();

describe('PlacementResolver', () => {
  it('answers each placement with its figures by model version', async () => {
    const { placements } = (await api.reader.execute(OPERATIONS.placements, { days: 7 })).expectData();
    expect(placements.map(({ name }: { name: string }) => name)).toEqual(['cart', 'footer', 'home']);
    const share = { count: 1, share: 0.5, low: 0.1, high: 0.9 };
    const shares = { clicked: share, cart: share, purchased: share, dismissed: share, coverage: share };
    const revenue = [{ currency: 'EUR', quantity: 2, total: 20, perList: 10, low: 5, high: 15 }];
    const figures = { day: null, lists: 2, ...shares, revenue };
    expect(placements[0].figures).toEqual([
      { modelVersion: { id: toGlobalId('ModelVersion', 1), number: 1 }, isPopularity: false, ...figures },
      { modelVersion: null, isPopularity: true, ...figures },
    ]);
    expect(placements[1].figures).toEqual([]); // it is stored, and had no feedback
    expect(api.callsOf('placements')).toEqual([[{ days: 7, isDaily: false, isByArm: false }]]);
  });

  it('SavePlacement names rows in place of references', async () => {
    const rules = [
      { action: { pin: { item: { externalId: 'item-3' }, place: 2 } } },
      { action: { hide: { filter: { brands: ['Odd'] } } } },
    ];
    const input = { name: 'home', basedOn: 2, definition: { title: 'Home', rules } };
    const { savePlacement } = (await api.admin.execute(OPERATIONS['save-placement'], { input })).expectData();
    expect(savePlacement).toMatchObject({ state: { number: 2 }, inForce: { savedBy: 'shop' }, userErrors: [] });
    const definition = { title: 'Home', rules: [{ action: { pin: { itemId: 3, place: 2 } } }, rules[1]] };
    expect(api.callsOf('savePlacement')).toMatchObject([
      [
        { name: 'home', basedOn: 2, definition },
        { savedBy: 'admin', isDryRun: false },
      ],
    ]);
    const unknown = {
      ...input,
      definition: { rules: [{ action: { pin: { item: { externalId: 'no-9' }, place: 1 } } }] },
    };
    const refused = (await api.admin.execute(OPERATIONS['save-placement'], { input: unknown })).expectData();
    expect(refused.savePlacement.userErrors).toMatchObject([
      { code: 'NOT_FOUND', field: ['definition', 'rules', '0', 'action', 'pin', 'item'] },
    ]);
  });

  it.each([
    ['save-placement', { input: { name: 'home', definition: {} } }],
    ['restore-placement', { input: { name: 'home', state: 1 } }],
    ['remove-placement', { input: { name: 'home' } }],
    ['preview-placement', { name: 'home', definition: {} }],
  ] as const)('leaves %s to admins', async (operation, variables) => {
    expect((await api.writer.execute(OPERATIONS[operation], variables)).expectErrors()).toEqual(['FORBIDDEN']);
  });

  const boost = (factor: number) => ({ action: { boost: { filter: {}, factor } } });
  it.each([
    ['a factor of 0', { rules: [boost(0)] }, ['definition', 'rules', '0', 'action', 'boost', 'factor']],
    ['a factor of 1e9', { rules: [boost(1), boost(1e9)] }, ['definition', 'rules', '1', 'action', 'boost', 'factor']],
    ['51 rules', { rules: Array(51).fill(boost(2)) }, ['definition', 'rules']],
  ])('refuses %s where it is typed', async (_, definition, field) => {
    const input = { name: 'home', definition };
    const { errors } = await api.admin.execute(OPERATIONS['save-placement'], { input });
    expect(errors[0].extensions).toMatchObject({ code: 'BAD_USER_INPUT', fields: [field] });
  });

  it('shows what is stored with its rules, and to admins who saved it', async () => {
    const { placement } = (await api.admin.execute(OPERATIONS.placement, { name: 'home' })).expectData();
    expect(placement.state).toMatchObject({
      ...{ number: 2, title: 'Top of the home page', savedBy: 'shop', fallback: null, modelVersion: { number: 1 } },
      options: { filter: { brands: ['Odd'], categories: null }, includeSeen: false, beamWidth: null },
      rules: [
        { action: { pin: { place: 1, item: { externalId: 'item-3' } }, boost: null } },
        { until: null, action: { pin: null, boost: { factor: 2, filter: { categories: ['things'] } } } },
      ],
    });
    expect(placement.states.nodes).toMatchObject([{ number: 2 }]);
    expect((await api.reader.execute(OPERATIONS.placement, { name: 'home' })).expectErrors()).toContain('FORBIDDEN');
    expect((await api.reader.execute('{ placement(name: "none") { name } }')).expectData().placement).toBeNull();
  });

  it('RestorePlacement names who saves, and PreviewPlacement has both lists', async () => {
    const input = { name: 'home', state: 1 };
    const preview = { name: 'home', definition: { rules: [boost(2)] }, user: 'user-1', first: 2 };
    await api.admin.execute(OPERATIONS['restore-placement'], { input });
    expect(api.callsOf('restorePlacement')).toEqual([['home', 1, 'admin']]);
    const { previewPlacement } = (await api.admin.execute(OPERATIONS['preview-placement'], preview)).expectData();
    expect([previewPlacement.stored.nodes, previewPlacement.draft.nodes].map(({ length }) => length)).toEqual([2, 2]);
    const drafts = api.callsOf('recommend').map(([, args]) => (args as { draft?: object }).draft);
    expect(drafts).toMatchObject([undefined, { rules: [boost(2)] }]);
  });
});
