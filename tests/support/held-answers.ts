/** A server whose answers come late, or that has too much to do, as one page of the console sees it. */
import type { Page, Route } from 'playwright-core';

type Variables = Readonly<Record<string, unknown>>;

const BUSY = { errors: [{ message: 'busy', extensions: { code: 'OVERLOADED', retryAfterSeconds: 1 } }] };

/** Keeps back the answers to one operation. @returns Lets go of them, and of those to come. */
export async function holdAnswers(page: Page, operation: string): Promise<() => Promise<void>> {
  let letGo = () => {};
  const released = new Promise<void>((done) => (letGo = done));
  const hold = async (route: Route) => {
    if (isOf(route, operation)) await released;
    await route.fallback();
  };
  await page.route('**/graphql', hold);
  return async () => {
    letGo();
    await page.unroute('**/graphql', hold);
  };
}

/** Refuses one operation. @param isMeant - Tells by its variables whether. @returns Ends that. */
export async function refuseOperation(
  page: Page,
  operation: string,
  isMeant: (variables: Variables) => boolean = () => true,
): Promise<() => Promise<void>> {
  const refuse = (route: Route) =>
    isOf(route, operation) && isMeant(bodyOf(route).variables ?? {}) ? route.fulfill({ json: BUSY }) : route.fallback();
  await page.route('**/graphql', refuse);
  return () => page.unroute('**/graphql', refuse);
}

function isOf(route: Route, operation: string): boolean {
  return bodyOf(route).operationName === operation;
}

function bodyOf(route: Route): { readonly operationName?: string; readonly variables?: Variables } {
  return route.request().postDataJSON();
}
