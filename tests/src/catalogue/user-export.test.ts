import { add, describeCatalogue, opened, test } from '../../support/catalogue-suite';

describeCatalogue('exportUser', () => {
  const at = (minute: number) => new Date(Date.UTC(2024, 0, 2, 3, minute));

  it('has every row that is kept of the user, and none of others', async () => {
    const [a, b] = await add({ externalId: 'a' }, { externalId: 'b' });
    await test.catalogue.recordInteractions([
      { userExternalId: 'ann', itemExternalId: 'b', kind: 'RATING', rating: 4, occurredAt: at(2), eventId: 'e' },
      { userExternalId: 'ann', itemExternalId: 'a', kind: 'VIEW', occurredAt: at(1) },
      { userExternalId: 'bob', itemExternalId: 'a', kind: 'VIEW', occurredAt: at(1) },
    ]);
    const { id: userId } = (await test.catalogue.user('ann'))!;
    await opened.database.write(async (transaction) => {
      const list = { placement: 'home', modelVersionId: 0, madeAt: at(3) };
      await transaction.list.create({ data: { ...list, key: 'after-it', madeAt: at(5), userId } });
      await transaction.list.create({ data: { ...list, key: 'of-ann', userId } });
      await transaction.list.create({ data: { ...list, key: 'of-nobody' } });
      const purchase = { kind: 'PURCHASED', value: 9.5, currency: 'EUR', quantity: 2 };
      await transaction.feedback.create({ data: { listKey: 'of-ann', itemId: a.id, userId, at: at(4), ...purchase } });
      await transaction.feedback.create({ data: { listKey: 'of-nobody', itemId: a.id, kind: 'SHOWN', at: at(4) } });
      await transaction.dismissal.create({ data: { userId, itemId: b.id, at: at(5) } });
      await transaction.dismissal.create({ data: { userId, itemId: a.id, at: at(6) } });
      const visitor = { externalId: 'visitor/1', identifiedId: userId, identifiedAt: at(6) };
      await transaction.user.create({ data: visitor });
      const entry = { at: at(7), role: 'STOREFRONT', mutation: 'recordInteractions', input: '{}', outcome: 'OK' };
      await transaction.auditEntry.create({ data: { ...entry, caller: 'storefront user ann' } });
      await transaction.auditEntry.create({ data: { ...entry, caller: 'storefront user bob' } });
    });
    expect(JSON.parse(JSON.stringify(await test.catalogue.exportUser('ann')))).toEqual({
      externalId: 'ann',
      armKey: null,
      interactions: [
        { item: 'a', kind: 'VIEW', rating: null, occurredAt: '2024-01-02T03:01:00.000Z', eventId: null },
        { item: 'b', kind: 'RATING', rating: 4, occurredAt: '2024-01-02T03:02:00.000Z', eventId: 'e' },
      ],
      lists: [
        { key: 'of-ann', placement: 'home', madeAt: '2024-01-02T03:03:00.000Z' },
        { key: 'after-it', placement: 'home', madeAt: '2024-01-02T03:05:00.000Z' },
      ],
      feedback: [
        {
          ...{ item: 'a', listKey: 'of-ann', kind: 'PURCHASED', eventId: '', at: '2024-01-02T03:04:00.000Z' },
          ...{ value: 9.5, currency: 'EUR', quantity: 2 },
        },
      ],
      dismissals: [
        { item: 'b', at: '2024-01-02T03:05:00.000Z' },
        { item: 'a', at: '2024-01-02T03:06:00.000Z' },
      ],
      arms: [],
      visitors: [{ externalId: 'visitor/1', identifiedAt: '2024-01-02T03:06:00.000Z' }],
      auditLog: [{ at: '2024-01-02T03:07:00.000Z', mutation: 'recordInteractions', input: '{}', outcome: 'OK' }],
    });
    expect(await test.catalogue.exportUser('nobody')).toBeNull();
  });

  it('has what counts for the arms of experiments, which goes with the user', async () => {
    const counts = { lists: 3, clicked: 2, purchased: 1, revenue: 9.5 };
    await opened.database.write(async ({ user, experiment }) => {
      const people = [await user.create({ data: { externalId: 'ann' } }), await user.create({ data: { externalId: 'bob' } })]; // prettier-ignore
      const users = { create: people.map(({ id }) => ({ userId: id, ...counts })) };
      const arms = { create: { name: 'new', percent: 100, users } };
      await experiment.create({ data: { placement: 'home', metric: 'CLICKED', startedAt: at(1), arms } });
    });
    const arm = { name: 'new', experiment: { placement: 'home', startedAt: at(1) } };
    expect(await test.catalogue.exportUser('ann')).toHaveProperty('arms', [{ ...counts, arm }]);
    await test.catalogue.eraseUsers(['ann']);
    const { id: userId } = (await test.catalogue.user('bob'))!;
    expect(await opened.database.read.armUser.findMany()).toEqual([{ armId: expect.any(Number), userId, ...counts }]);
  });
});
