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
const VIEWPORT = { width: 1280, height: 800 };
const CHROMIUMS = [env.CHROMIUM_PATH, '/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];

const query = `{
  users(first: 1) { nodes { externalId recommendations(first: 1) { nodes { item { externalId } } } } }
  items(first: 1) { nodes { externalId } }
}`;
const { users, items } = await ask(query);
const user = encodeURIComponent(users.nodes[0].externalId);
const why = encodeURIComponent(users.nodes[0].recommendations.nodes[0].item.externalId);
const PAGES = {
  overview: '/',
  items: '/items',
  item: `/items/${encodeURIComponent(items.nodes[0].externalId)}`,
  user: `/users/${user}`,
  recommendations: `/recommendations?user=${user}&why=${why}`,
  'semantic-ids': '/semantic-ids',
  codebooks: '/semantic-ids?view=codebooks',
  training: '/training',
  models: '/models',
};

const browser = await chromium.launch({
  executablePath: CHROMIUMS.find((path) => path !== undefined && existsSync(path)),
  args: ['--no-sandbox', '--disable-gpu'],
});
mkdirSync(FOLDER, { recursive: true });
const page = await browser.newPage({ viewport: VIEWPORT, reducedMotion: 'reduce' });
if (env.TIGERQL_ADMIN_KEY) {
  await page.addInitScript(`sessionStorage.setItem('tigerql.key', ${JSON.stringify(env.TIGERQL_ADMIN_KEY)})`);
}
for (const [name, path] of Object.entries(PAGES)) {
  await page.goto(ADDRESS + path);
  await page.getByRole('heading', { level: 1 }).waitFor();
  await page.locator('[data-state=connected]').waitFor({ state: 'attached' });
  for (const stand of ['[aria-busy=true]', '.mantine-Skeleton-root', '[aria-label$=": loading"]', 'text="…"']) {
    await page.locator(stand).first().waitFor({ state: 'hidden' });
  }
  // Charts grow for a moment after their data has come.
  await page.waitForTimeout(600);
  const file = join(FOLDER, `${name}-wide.png`);
  await page.screenshot({ path: file, scale: 'css' });
  console.log(file);
}
await browser.close();

async function ask(query) {
  const response = await fetch(`${ADDRESS}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ query }),
  });
  return (await response.json()).data;
}
