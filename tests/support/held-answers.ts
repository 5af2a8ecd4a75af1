/** A server whose answers come late, or that has too much to do, as one page of the console sees it. */
import type { Page, Route } from 'playwright-core';

const busyFor = (retryAfterSeconds: number) => {
  return { errors: [{ message: 'busy', extensions: { code: 'OVERLOADED', retryAfterSeconds } }] };
};

/** Keeps back the answers to one operation. @returns Lets go of them, and of those to come. */
export function holdAnswers(page: Page, operation: string): Promise<() => Promise<void>> {
  return hold(page, '**/graphql', (route) => isOf(route, operation));
}

/** Keeps back the code of a page that has not been opened. @param module - Its name. @returns Lets go of it. */
export function holdPageCode(page: Page, module: string): Promise<() => Promise<void>> {
  return hold(page, `**/${module}*.js`, () => true);
}

async function hold(page: Page, urls: string, isMeant: (route: Route) => boolean): Promise<() => Promise<void>> {
  let letGo = () => {};
  const released = new Promise<void>((done) => (letGo = done));
  const wait = async (route: Route) => {
    if (isMeant(route)) await released;
    await route.fallback();
  };
  await page.route(urls, wait);
  return async () => {
    letGo();
    await page.unroute(urls, wait);
  };
}

/**
 * Refuses one operation.
 *
 * @param retryAfterSeconds - When the page may ask again by itself; absent: long after the test.
 * @returns Ends that.
 */
export async function refuseOperation(
  page: Page,
  operation: string,
  retryAfterSeconds = 10_000,
): Promise<() => Promise<void>> {
  const refuse = (route: Route) =>
    isOf(route, operation) ? route.fulfill({ json: busyFor(retryAfterSeconds) }) : route.fallback();
  await page.route('**/graphql', refuse);
  return () => page.unroute('**/graphql', refuse);
}

function isOf(route: Route, operation: string): boolean {
  const body = route.request().postDataJSON() as { readonly operationName?: string };
  return body.operationName === operation;
}
