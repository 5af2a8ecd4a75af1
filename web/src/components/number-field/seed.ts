/** Seeds of random numbers as a person types them: digits alone. */
import type { Notation, Reading } from './notation';

/** The greatest `Int` of GraphQL. */
const MAX_SEED = 2_147_483_647;

export function readSeed(typed: string): Reading {
  const text = typed.trim();
  if (text === '') return { number: null, fault: null };
  if (/^\d+$/.test(text) && Number(text) <= MAX_SEED) return { number: Number(text), fault: null };
  return { number: null, fault: `Write a whole number from 0 to ${MAX_SEED}.` };
}

export const SEED: Notation = { read: readSeed, write: String };
