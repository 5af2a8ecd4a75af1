/**
 * Takes pictures of the console's pages into docs/console. It needs a server with the demo shop and a
 * Chromium: `node web/take-screenshots.mjs [address]`; the key comes from TIGERQL_ADMIN_KEY.
 */
import { existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { env } from 'node:process';

import { chromium } from 'playwright-core';

const ADDRESS = process.argv[2] ?? 'http://localhost:4000';
const FOLDER = join(import.meta.dirname, '..', 'docs', 'console');
const VIEWPORTS = { wide: { width: 1440, height: 900 }, narrow: { width: 390, height: 844 } };
const CHROMIUMS = [
  env.CHROMIUM_PATH,
  '/usr/bin/chromium-headless-shell',
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
];

const query = `{
  users(first: 1) { nodes { externalId recommendations(first: 1) { nodes { item { externalId } } } } }
  items(first: 1) { nodes { externalId } }
  placements { name state { number } }
}`;
const { users, items, placements } = await ask(query);
const user = encodeURIComponent(users.nodes[0].externalId);
const placement = placements?.find(({ state }) => state !== null)?.name;
const why = encodeURIComponent(users.nodes[0].recommendations.nodes[0].item.externalId);
const PAGES = {
  overview: '/',
  items: '/items',
  item: `/items/${encodeURIComponent(items.nodes[0].externalId)}`,
  user: `/users/${user}`,
  recommendations: `/recommendations?user=${user}&why=${why}`,
  earnings: '/placements?days=28&parts=arm&figure=clicked',
  ...(placement && { placement: `/placements/${encodeURIComponent(placement)}`, experiments: '/experiments' }),
  'semantic-ids': '/semantic-ids',
  codebooks: '/semantic-ids?view=codebooks',
  training: '/training',
  models: '/models',
};

/** What people look at on the way; the others are wide alone. */
const ON_PHONES = ['overview', 'earnings', 'placement', 'experiments'];

const browser = await chromium.launch({
  executablePath: CHROMIUMS.find((path) => path !== undefined && existsSync(path)),
  args: ['--no-sandbox', '--disable-gpu'],
});
mkdirSync(FOLDER, { recursive: true });
for (const [width, viewport] of Object.entries(VIEWPORTS)) {
  const page = await browser.newPage({ viewport, reducedMotion: 'reduce' });
  if (env.TIGERQL_ADMIN_KEY) {
    await page.addInitScript(`sessionStorage.setItem('tigerql.key', ${JSON.stringify(env.TIGERQL_ADMIN_KEY)})`);
  }
  const pages = Object.entries(PAGES).filter(([name]) => width === 'wide' || ON_PHONES.includes(name));
  for (const [name, path] of pages) await take(page, path, join(FOLDER, `${name}-${width}.png`));
}
await browser.close();

async function take(page, path, file) {
  await page.goto(ADDRESS + path);
  await page.getByRole('heading', { level: 1 }).waitFor();
  await page.locator('[data-state=connected]').waitFor({ state: 'attached' });
  for (const stand of ['[aria-busy=true]', '.mantine-Skeleton-root', '[aria-label$=": loading"]', 'text="…"']) {
    await page.locator(stand).first().waitFor({ state: 'hidden' });
  }
  // Charts grow for a moment after their data has come.
  await page.waitForTimeout(600);
  await page.screenshot({ path: file, scale: 'css' });
  console.log(file);
}

async function ask(query) {
  const response = await fetch(`${ADDRESS}/graphql`, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      ...(env.TIGERQL_ADMIN_KEY && { authorization: `Bearer ${env.TIGERQL_ADMIN_KEY}` }),
    },
    body: JSON.stringify({ query }),
  });
  return (await response.json()).data;
}
