/** How long something has run, and how much the process has computed meanwhile, over all the runs that it took. */
import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';

export interface RunTime {
  /** Wall time. */
  readonly seconds: number;
  /** Of all threads of the process together. */
  readonly cpuSeconds: number;
}

/** What a run that is killed loses of its time at most. */
const STORE_EVERY_MS = 5_000;

export class RunClock {
  private readonly before: RunTime;
  private readonly begin = performance.now();
  private readonly cpuBegin = process.cpuUsage();
  private readonly timer: NodeJS.Timeout;

  /** @param file - Keeps the time from run to run. */
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
    return { seconds: 0, cpuSeconds: 0 }; // the first run
  }
}
