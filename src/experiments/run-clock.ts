/** Measures wall time and processor time of a task, over all the processes that worked on it. */
import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';

export interface RunTime {
  /** Wall time. */
  readonly seconds: number;
  /** Processor time of all threads together. */
  readonly cpuSeconds: number;
}

/** A killed process loses at most this much of its time. */
const STORE_EVERY_MS = 5_000;

export class RunClock {
  private readonly before: RunTime;
  private readonly begin = performance.now();
  private readonly cpuBegin = process.cpuUsage();
  private readonly timer: NodeJS.Timeout;

  /** @param file - Keeps the time from one process to the next. */
  constructor(private readonly file: string) {
    this.before = readTime(file);
    this.timer = setInterval(() => this.store(), STORE_EVERY_MS).unref();
  }

  read(): RunTime {
    const { user, system } = process.cpuUsage(this.cpuBegin);
    return {
      seconds: this.before.seconds + (performance.now() - this.begin) / 1000,
      cpuSeconds: this.before.cpuSeconds + (user + system) / 1e6,
    };
  }

  stop(): void {
    clearInterval(this.timer);
    this.store();
  }

  private store(): void {
    mkdirSync(dirname(this.file), { recursive: true });
    writeFileSync(`${this.file}.new`, JSON.stringify(this.read()));
    renameSync(`${this.file}.new`, this.file);
  }
}

function readTime(file: string): RunTime {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as RunTime;
  } catch {
    return { seconds: 0, cpuSeconds: 0 }; // no process has worked on it before
  }
}
