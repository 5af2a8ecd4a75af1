/** The histories as another thread takes them: the keys of millions of users as numbers. */
import type { InteractionLog } from '../../models/data/interactions';
import type { TrainLog } from './messages';
import { packTexts, unpackTexts } from './packed-texts';

export function packLog(log: InteractionLog): TrainLog {
  return { ...log, userKeys: packTexts(log.userKeys) };
}

export function unpackLog(log: TrainLog): InteractionLog {
  return { ...log, userKeys: unpackTexts(log.userKeys) };
}
