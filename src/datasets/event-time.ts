/** Reads the time of an event, as shops write it. */
import { z } from 'zod';

import { isInTime } from '../../graphql/common/bounds';

/** A date, or a date and time. It is UTC unless it names a zone. */
const isoSchema = z.union([z.iso.date(), z.iso.datetime({ local: true, offset: true })]);
const HAS_ZONE = /^\d{4}-\d\d-\d\d$|(Z|[+-]\d\d:\d\d)$/;
/** Since 1970. All reach from 1973 to 2286. */
const SECONDS = /^\d{9,10}(\.\d+)?$/;
const MILLISECONDS = /^\d{12,13}$/;
const MICROSECONDS = /^\d{15,16}$/;

/** Forms of a time, for messages. */
export const TIME_FORMS = 'a date such as 2011-10-31T12:25, or seconds, milliseconds or microseconds since 1970';

/** @returns Milliseconds since 1970; null when the text is none of `TIME_FORMS`, or of a year that the API does not take. */
export function parseTime(text: string): number | null {
  const time = readTime(text);
  return time !== null && isInTime(time) ? time : null;
}

function readTime(text: string): number | null {
  if (SECONDS.test(text)) return Math.round(1000 * Number(text));
  if (MILLISECONDS.test(text)) return Number(text);
  if (MICROSECONDS.test(text)) return Math.floor(Number(text) / 1000);
  const iso = isoOf(text);
  if (!isoSchema.safeParse(iso).success) return null;
  return Date.parse(HAS_ZONE.test(iso) ? iso : `${iso}Z`);
}

/** Completes what databases and tools leave out: `T`, seconds, and zones such as ` UTC`, `+01` and `+0100`. */
function isoOf(text: string): string {
  return text
    .replace(/^([\d-]+) (?=\d)/, '$1T')
    .replace(/ ?(UTC|GMT)$/, 'Z')
    .replace(
      /(T[\d:.]+) ?([+-]\d\d):?(\d\d)?$/,
      (_, time: string, hours: string, minutes = '00') => `${time}${hours}:${minutes}`,
    )
    .replace(/(T\d\d:\d\d)(?=$|Z|[+-])/, '$1:00');
}
