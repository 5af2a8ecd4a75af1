/** 100 activations and 1,000 reassignments under load: `npx jest --testMatch '<rootDir>/tests/soak/*.soak.ts'`. */
import { CODES, LEVELS, type LivingShop, openLivingShop } from '../support/living-shop';
import { runSwapLoad } from '../support/swap-load';

let shop: LivingShop;

beforeAll(async () => {
  shop = await openLivingShop();
}, 180_000);
afterAll(() => shop?.dispose());

it('makes no request fail, and mixes no two versions, during 100 activations and 1,000 reassignments', async () => {
  const { mixed, failures, ...figures } = await runSwapLoad({
    ...shop,
    itemIds: [...shop.itemIds.values()],
    userIds: Array.from({ length: 40 }, (_, user) => `user-${user}`),
    activations: 100,
    reassignments: 1_000,
    clients: 8,
    codebookSize: CODES,
    numLevels: LEVELS,
  });
  console.log(JSON.stringify({ ...figures, failures: failures.length, mixed: mixed.length }));
  expect(failures).toEqual([]);
  expect(mixed).toEqual([]);
}, 600_000);
