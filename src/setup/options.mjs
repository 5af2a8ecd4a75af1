/** The command line of src/setup.mjs. */
const args = process.argv.slice(2);
const at = args.indexOf('--run');
const flags = at === -1 ? args : args.slice(0, at);

/** Arguments behind `--run`, for the program; null without `--run`. */
export const programArguments = at === -1 ? null : args.slice(at + 1);

/** @returns Whether a flag stands before `--run`. */
export const asksFor = (flag) => flags.includes(flag);
