/** Preloaded into a process and its threads: their clock is wrong by CLOCK_SKEW_MS. */
const RealDate = Date;
const skewMs = Number(process.env.CLOCK_SKEW_MS ?? 0);

globalThis.Date = class extends RealDate {
  constructor(...parts) {
    if (parts.length === 0) super(RealDate.now() + skewMs);
    else super(...parts);
  }
  static now() {
    return RealDate.now() + skewMs;
  }
};
