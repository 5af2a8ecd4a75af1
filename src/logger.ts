/** The log: text for people on a terminal, one JSON object per line elsewhere. */
import pino, { type Logger as PinoLogger } from 'pino';
import pretty from 'pino-pretty';

import type { LogLevel } from './config';

export type Logger = PinoLogger;

/** @param stream - Where the log goes. By default the standard error stream, because commands print their answers on the other. */
export function createLogger(
  level: LogLevel,
  stream: NodeJS.WritableStream & { isTTY?: boolean } = process.stderr,
): Logger {
  if (!stream.isTTY) return pino({ level }, stream);
  return pino(
    { level },
    pretty({ destination: stream, ignore: 'pid,hostname', translateTime: 'SYS:HH:MM:ss', sync: true }),
  );
}
