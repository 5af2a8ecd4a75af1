/** Shows the progress of a long command: a bar on a terminal, elsewhere a line at each tenth. It never writes to stdout. */
import { Presets, SingleBar } from 'cli-progress';

/** A stream for progress, such as `process.stderr`. */
export interface ProgressStream extends NodeJS.WritableStream {
  readonly isTTY?: boolean;
}

export interface Progress {
  /** @param note - Text after the bar, such as `loss 2.31`. */
  update(done: number, total: number, note?: string): void;
  /** Ends the display. The bar or the last line stays; do not call `update` after this. */
  stop(): void;
}

/** Opens the display of one piece of work. It writes nothing before the first update. */
export function openProgress(title: string, stream: ProgressStream): Progress {
  return stream.isTTY === true ? openBar(title, stream) : openLines(title, stream);
}

function openBar(title: string, stream: ProgressStream): Progress {
  const bar = new SingleBar(
    { stream, format: `${title} {bar} {percentage}% {note}`, barsize: 20, hideCursor: true, clearOnComplete: false },
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
