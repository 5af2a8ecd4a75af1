/** Reads the time of an event, as shops write it. */
import { z } from 'zod';

/** A date, or a date and time. It is UTC unless it names a zone. */
const isoSchema = z.union([z.iso.date(), z.iso.datetime({ local: true, offset: true })]);
const HAS_ZONE = /^\d{4}-\d\d-\d\d$|(Z|[+-]\d\d:\d\d)$/;
/** Since 1970. Both reach from 1973 to 2286. */
const SECONDS = /^\d{9,10}$/;
const MILLISECONDS = /^\d{12,13}$/;

/** What a time may look like, for messages. */
export const TIME_FORMS = 'a date such as 2011-10-31T12:25, or seconds or milliseconds since 1970';

/** @returns Milliseconds since 1970; null when the text is none of `TIME_FORMS`. */
export function parseTime(text: string): number | null {
  if (SECONDS.test(text)) return 1000 * Number(text);
  if (MILLISECONDS.test(text)) return Number(text);
  const iso = text.replace(' ', 'T').replace(/(T\d\d:\d\d)(?=$|Z|[+-])/, '$1:00'); // seconds may be left out
  if (!isoSchema.safeParse(iso).success) return null;
  return Date.parse(HAS_ZONE.test(iso) ? iso : `${iso}Z`);
}
