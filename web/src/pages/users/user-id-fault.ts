const LONGEST = 200;

/** @returns What the API would refuse in the ID of a user; null when nothing is wrong. */
export function userIdFault(externalId: string): string | null {
  if (externalId.trim() === '') return 'A user needs an ID.';
  return [...externalId].length > LONGEST ? `An ID has at most ${LONGEST} characters.` : null;
}
