/** How far a long command is: a bar on a terminal, a plain line at each tenth elsewhere. Never on stdout. */
import { Presets, SingleBar } from 'cli-progress';

/** The part of a stream that is needed here; `process.stderr` is one. */
export interface ProgressStream extends NodeJS.WritableStream {
  readonly isTTY?: boolean;
}

export interface Progress {
  /** @param note - What stands behind the bar, such as `loss 2.31`. */
  update(done: number, total: number, note?: string): void;
  /** Leaves the bar, or the last line, as it is; nothing may be updated afterwards. */
  stop(): void;
}

/** Opens the display of one stretch of work; its first line is written at the first update. */
export function openProgress(title: string, stream: ProgressStream): Progress {
  return stream.isTTY === true ? openBar(title, stream) : openLines(title, stream);
}

function openBar(title: string, stream: ProgressStream): Progress {
  const bar = new SingleBar(
    { stream, format: `${title} {bar} {percentage}% {note}`, barsize: 30, hideCursor: true, clearOnComplete: false },
    Presets.shades_classic,
  );
  return {
    update(done, total, note = '') {
      if (!bar.isActive) bar.start(total, done, { note });
      bar.setTotal(total);
      bar.update(done, { note });
    },
    stop: () => bar.stop(),
  };
}

function openLines(title: string, stream: ProgressStream): Progress {
  let lastTenth = -1;
  return {
    update(done, total, note = '') {
      const tenth = total > 0 ? Math.floor((10 * done) / total) : 10;
      if (tenth === lastTenth) return;
      lastTenth = tenth;
      stream.write(`${title} ${tenth * 10}%${note && ` ${note}`}\n`);
    },
    stop: () => undefined,
  };
}
