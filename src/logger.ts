/** The log: for people on a terminal, one JSON object a line otherwise. */
import pino, { type Logger as PinoLogger } from 'pino';
import pretty from 'pino-pretty';

import type { LogLevel } from './config';

export type Logger = PinoLogger;

/** @param stream - Where it goes; the standard error stream when absent, so that output stays free for answers. */
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
