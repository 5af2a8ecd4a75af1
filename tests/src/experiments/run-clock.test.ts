import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { RunClock } from '../../../src/experiments/run-clock';

const dir = mkdtempSync(join(tmpdir(), 'tigerql-clock-'));
afterAll(() => rmSync(dir, { recursive: true }));

describe('RunClock', () => {
  it('counts the processor time of the process', () => {
    const clock = new RunClock(join(dir, 'new', 'time.json'));
    const before = clock.read().cpuSeconds;
    for (let i = 0; clock.read().cpuSeconds === before && i < 1e7; i++) Math.sqrt(i);
    expect(clock.read().cpuSeconds).toBeGreaterThan(before);
    clock.stop();
  });

  it('continues from the time of earlier processes', () => {
    const file = join(dir, 'time.json');
    writeFileSync(file, JSON.stringify({ seconds: 1000, cpuSeconds: 2000 }));
    const second = new RunClock(file);
    second.stop();
    const third = new RunClock(file);
    third.stop();
    const { seconds, cpuSeconds } = third.read();
    expect(seconds).toBeGreaterThanOrEqual(1000);
    expect(cpuSeconds).toBeGreaterThanOrEqual(2000);
    expect(cpuSeconds).toBeLessThan(3000); // counts no run twice
  });
});
