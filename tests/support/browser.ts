/** A real Chromium that looks at the console. */
import { existsSync, readFileSync } from 'node:fs';

import { type Browser, type BrowserContextOptions, chromium, type Page } from 'playwright-core';

import { ADMIN_KEY } from './server-process';

const PLACES = [
  process.env.CHROMIUM_PATH,
  '/usr/bin/chromium-headless-shell', // Debian's, without windows: it needs a quarter less of the processor
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
];
/** No sandbox: the tests run as root in containers, and open pages of this repository alone. The rest keeps it off the network. */
const FLAGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];
export const USUAL_SIZE = { width: 1440, height: 900 };
/** The machine may be busy with other things; what is not there by then does not come. */
const WAIT_MS = 180_000;
/** Between two looks at a page, which then gets the processor. */
const PAUSE_MS = 30;

/** Chromium writes this when the server is gone, or starts. */
export const SERVER_IS_GONE = /status of 503|ERR_CONNECTION_REFUSED|ERR_EMPTY_RESPONSE|ERR_CONNECTION_RESET|WebSocket/;

const executablePath = PLACES.find((path) => path !== undefined && existsSync(path));

export const hasBrowser = executablePath !== undefined;

export function openBrowser(): Promise<Browser> {
  return chromium.launch({ executablePath, args: FLAGS });
}

export interface TestPage {
  readonly page: Page;
  /** Errors of the console, violations of the content security policy included, and requests to elsewhere. */
  readonly problems: string[];
  /** Closes the page. @throws {Error} With all problems that were not expected. */
  close(expected?: RegExp): Promise<void>;
}

export interface TestPageOptions extends BrowserContextOptions {
  /** Null: a visitor without a key. */
  readonly key?: string | null;
}

/** @param url - The server's. */
export async function openPage(
  browser: Browser,
  url: string,
  { key = ADMIN_KEY, ...options }: TestPageOptions = {},
): Promise<TestPage> {
  const looks = { viewport: USUAL_SIZE, reducedMotion: 'reduce' } as const; // fewer pictures to compute
  const context = await browser.newContext({ baseURL: url, ...looks, ...options });
  context.setDefaultTimeout(WAIT_MS);
  if (key !== null) await context.addInitScript(`sessionStorage.setItem('tigerql.key', ${JSON.stringify(key)})`);
  const page = await context.newPage();
  const problems: string[] = [];
  page.on('console', (message) => message.type() === 'error' && problems.push(message.text()));
  page.on('pageerror', (error) => problems.push(String(error)));
  page.on('request', (request) => {
    if (new URL(request.url()).host !== new URL(url).host) problems.push(`request to ${request.url()}`);
  });
  const close = async (expected?: RegExp) => {
    await context.close();
    const unexpected = problems.filter((problem) => !expected?.test(problem));
    if (unexpected.length > 0) throw new Error(`page: expected no errors, got\n${unexpected.join('\n')}`);
  };
  return { page, problems, close };
}

/**
 * Goes to an address of the console that the page shows, as a link would: that takes a fifth of what it takes to load the page anew. The
 * page of no address is shown between the two, so that nothing of the former page is left.
 */
export async function visit(page: Page, path: string): Promise<void> {
  const go = (to: string) =>
    page.evaluate(`{
    const state = { usr: null, key: crypto.randomUUID(), idx: (history.state?.idx ?? 0) + 1 };
    history.pushState(state, '', ${JSON.stringify(to)});
    dispatchEvent(new PopStateEvent('popstate', { state }));
  }`);
  await go('/nowhere');
  await page.getByRole('heading', { name: 'Page not found', level: 1 }).waitFor();
  await go(path);
  await page.getByText('There is no page here').waitFor({ state: 'detached' });
}

/**
 * Waits until an expression is true in the page. Playwright's own `waitForFunction` evaluates inside the page, where the content
 * security policy refuses it.
 */
export async function until(page: Page, expression: string): Promise<void> {
  const end = Date.now() + WAIT_MS;
  while (!(await page.evaluate(`new Promise((next) => setTimeout(() => next(${expression}), ${PAUSE_MS}))`))) {
    if (Date.now() > end) throw new Error(`page: expected ${expression}, did not see it in ${WAIT_MS} ms`);
  }
}

/** Placeholders of content that is still to come. */
const WAITING = '[aria-busy=true], [role=status][aria-label$=loading], .mantine-Skeleton-root';

/** Waits until the page has all that it has asked for, and hears news. */
export async function untilLoaded(page: Page): Promise<void> {
  await page.locator('[data-state=connected]').waitFor({ state: 'attached' });
  await until(page, `document.querySelector('${WAITING}') === null`);
}

const axe = readFileSync(require.resolve('axe-core/axe.min.js'), 'utf8');

/** @returns What axe finds serious or critical on the page as it is, one line each. */
export async function seriousFindings(page: Page): Promise<string[]> {
  // Colours that are on their way to others are those of neither scheme, and what inherits them starts after them. Nothing waits for
  // their own end: one that the page never draws does not come to it.
  await page.evaluate(`(async () => {
    for (let moving; (moving = document.getAnimations().filter((each) => each instanceof CSSTransition)).length > 0; ) {
      for (const transition of moving) transition.finish();
      await new Promise((next) => setTimeout(next));
    }
  })()`);
  if (!(await page.evaluate('"axe" in window'))) await page.evaluate(axe);
  const { violations } = (await page.evaluate('axe.run(document, { resultTypes: ["violations"] })')) as {
    violations: { id: string; impact: string; nodes: { html: string; failureSummary: string }[] }[];
  };
  return violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .flatMap(({ id, nodes }) => nodes.map(({ html, failureSummary }) => `${id}: ${html}\n${failureSummary}`));
}
