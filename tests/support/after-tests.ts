import { rm } from 'node:fs/promises';

export = async (): Promise<void> => {
  const made = process.env.MADE_POSTGRES;
  if (made !== undefined) await rm(made, { recursive: true });
};
