import { userIdFault } from '../../../../../web/src/pages/users/user-id-fault';

describe('userIdFault', () => {
  it.each(['a', ' a ', '🐯'.repeat(200)])('takes %j', (id) => {
    expect(userIdFault(id)).toBeNull();
  });

  it('says what the API would refuse', () => {
    for (const blank of ['', ' ', '\t\n']) expect(userIdFault(blank)).toBe('A user needs an ID.');
    expect(userIdFault('🐯'.repeat(201))).toBe('An ID has at most 200 characters.');
  });
});
