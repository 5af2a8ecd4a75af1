/**
 * How smoothly the console runs in Chromium: its longest standstill while a long file is read and added, and the frames a second while
 * 100 long curves are moved. Beside each stands the figure of an empty page in the same browser: what the machine itself does.
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import type { Browser, Page } from 'playwright-core';

import { openDatabase } from '../../src/storage/database';
import { openBrowser, openPage, untilLoaded } from '../support/browser';
import { type ServerProcess, startServerProcess } from '../support/server-process';

const CURVES = 100;
const MAX_STANDSTILL_MS = 200;
const MIN_FRAMES_PER_SECOND = 50;
const PAN_SECONDS = 5;
/** Of the key that enlarges the curves, and the share of the steps that each leaves. */
const PRESSES = 6;
const SHARE_PER_PRESS = 0.8;
/** The server adds so many items in minutes. */
const WAIT_MS = 1_800_000;

/** @param count - Thousands: of rows of the file, and of points of each curve. */
export async function run(count: number): Promise<void> {
  const dir = mkdtempSync(join(tmpdir(), 'tigerql-console-'));
  const [server, browser] = await Promise.all([
    startServerProcess(dir, { LOG_LEVEL: 'error', TIGERQL_MAX_CALLER_RATE: '1000000' }),
    openBrowser(),
  ]);
  try {
    const standstills = await measureFile(browser, server, dir, 1_000 * count);
    await storeCurves(dir, 1_000 * count);
    const frames = await measureCurves(browser, server, 1_000 * count);
    const longest = Math.max(...Object.values(standstills.ms));
    if (longest > MAX_STANDSTILL_MS)
      throw new Error(`page: expected to stand still for ${MAX_STANDSTILL_MS} ms at most, got ${longest}`);
    if (frames < MIN_FRAMES_PER_SECOND)
      throw new Error(`curves: expected ${MIN_FRAMES_PER_SECOND} frames a second, got ${frames}`);
  } finally {
    await browser.close();
    await server.kill();
    rmSync(dir, { recursive: true, force: true });
  }
}

async function measureFile(browser: Browser, server: ServerProcess, dir: string, rows: number) {
  // With vectors, so that the server need not read each text.
  const lines = Array.from({ length: rows }, (_, i) =>
    JSON.stringify({
      id: `row-${i}`,
      title: `Long row ${i}`,
      categories: ['kitchen'],
      embedding: [i % 7, i % 11, i % 13, 1],
    }),
  );
  const file = join(dir, 'long.jsonl');
  writeFileSync(file, lines.join('\n'));
  const { page, close } = await openPage(browser, server.url);
  page.setDefaultTimeout(WAIT_MS);
  const ms: Record<string, number> = { empty: await standstillOf(page, () => rest(page)) };
  await page.goto('/add-items?how=many');
  await untilLoaded(page);
  const add = page.getByRole('button', { name: /^Add \S+ items$/ });
  ms.read = await standstillOf(page, async () => {
    await page.setInputFiles('input[type=file]', file);
    await page.locator('button:not([data-disabled])', { hasText: /^Add \S*00 items$/ }).waitFor();
  });
  ms.add = await standstillOf(page, async () => {
    await add.click();
    await page.getByText(/items added$/).waitFor();
  });
  // Now that all are there, each row gets an error.
  ms.refused = await standstillOf(page, async () => {
    await add.click();
    await page.getByText('0 items added').waitFor();
  });
  await close();
  console.log(JSON.stringify({ rows, standstillMs: ms }));
  return { ms };
}

/** @returns The longest time for which the page did nothing that was asked of it while `work` ran, in ms. */
async function standstillOf(page: Page, work: () => Promise<void>): Promise<number> {
  await page.evaluate(`(() => {
    let last = performance.now();
    window.standstill = 0;
    window.looking = setInterval(() => {
      const now = performance.now();
      window.standstill = Math.max(window.standstill, now - last);
      last = now;
    }, 5);
  })()`);
  await work();
  return Math.round(Number(await page.evaluate('(clearInterval(window.looking), window.standstill)')));
}

async function rest(page: Page): Promise<void> {
  await page.evaluate(`new Promise((next) => setTimeout(next, ${1_000 * PAN_SECONDS}))`);
}

/** Stores trainings that have ended, each with a loss of so many steps. */
async function storeCurves(dir: string, points: number): Promise<void> {
  const database = await openDatabase(`file:${join(dir, 'shop.db')}`);
  const job = { status: 'CANCELLED', preset: 'tiny', config: {}, reuseTokenizer: false, activateWhenBetter: false };
  const data = Array.from({ length: CURVES }, (_, seed) => {
    return { ...job, seed, lastItemId: 0, lastInteractionId: 0, catalogueVersion: 0, startedAt: new Date() };
  });
  await database.write((transaction) => transaction.trainingJob.createMany({ data }));
  const jobs = await database.read.trainingJob.findMany({ select: { id: true } });
  for (const { id } of jobs) {
    await database.write((transaction) => transaction.$executeRawUnsafe(POINTS, points, id, id));
  }
  await database.dispose();
}

const POINTS = `
WITH RECURSIVE steps(step) AS (SELECT 0 UNION ALL SELECT step + 1 FROM steps WHERE step + 1 < ?)
INSERT INTO MetricPoint (jobId, metric, step, value)
SELECT ?, 'loss', step, 7.0 / (1 + step / 9000.0) + ? / 100.0 + (step * 7919 % 1000) / 2000.0 FROM steps`;

/** @returns The frames a second while the curves are moved. */
async function measureCurves(browser: Browser, server: ServerProcess, steps: number): Promise<number> {
  const { page, close } = await openPage(browser, server.url);
  page.setDefaultTimeout(WAIT_MS);
  const empty = await framesPerSecond(page, '');
  await page.goto('/training');
  const begin = performance.now();
  await page.getByRole('button', { name: 'Tick all' }).click();
  await page.getByRole('img', { name: `Loss by step, ${CURVES} curves` }).waitFor();
  const shownMs = Math.round(performance.now() - begin);
  await enlarge(page, steps);
  const turn = `document.querySelector('.u-over').dispatchEvent(
    new WheelEvent('wheel', { deltaX: frames % 120 < 60 ? 8 : -8, bubbles: true, cancelable: true }));`;
  const standing = await framesPerSecond(page, '');
  const panning = await framesPerSecond(page, turn);
  await close();
  console.log(JSON.stringify({ curves: CURVES, shownMs, framesPerSecond: { empty, standing, panning } }));
  return panning;
}

/** Enlarges the curves, and waits for the points of the part that is shown in the end. @param steps - Of the whole curves. */
async function enlarge(page: Page, steps: number): Promise<void> {
  const shown = 1.01 * steps * SHARE_PER_PRESS ** PRESSES;
  const asked = page.waitForResponse((response) => {
    const { operationName, variables } = response.request().postDataJSON() ?? {};
    return operationName === 'TrainingCurves' && variables.toStep - variables.fromStep <= shown;
  });
  for (let press = 0; press < PRESSES; press++) await page.getByRole('group', { name: /^Chart;/ }).press('+');
  await (await asked).finished();
}

/** @param each - What the page does before it draws a frame; it sees the number of `frames` so far. */
async function framesPerSecond(page: Page, each: string): Promise<number> {
  const frames = await page.evaluate(`new Promise((done) => {
    let frames = 0;
    const begin = performance.now();
    const draw = () => {
      if (performance.now() - begin > ${1_000 * PAN_SECONDS}) return done(frames);
      ${each}
      frames += 1;
      requestAnimationFrame(draw);
    };
    requestAnimationFrame(draw);
  })`);
  return Math.round(Number(frames) / PAN_SECONDS);
}
