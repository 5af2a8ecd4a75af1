import { noteOwnChange } from '../../app/catalogue-changes';
import { refetchAll } from '../../app/session';
import { type UndoReassignMutation } from '../../graphql/graphql';
import { announce } from './announce';

/** The items of a reassignment have their former semantic IDs back. */
export function noteUndone({ catalogueVersion }: UndoReassignMutation['undoReassignment']): void {
  noteOwnChange(catalogueVersion);
  refetchAll();
  announce('The items have their former semantic IDs again.');
}
