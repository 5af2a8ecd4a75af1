/** What became of the lists that were made, and where they are shown. */
import type { PageArgs } from '../../graphql/common/records';
import type { Feedback as FeedbackPort } from '../../graphql/context';
import type { ListRecord, NewFeedbackArgs } from '../../graphql/feedback/records';
import type { Database } from '../storage/database';
import { dismissedItems, undoDismissals } from './dismissals';
import { ListIds } from './list-ids';
import { placementsOf } from './placement-days';
import { recordFeedback } from './record-feedback';

type RecordOptions = Parameters<FeedbackPort['record']>[1];

export class Feedback implements FeedbackPort {
  private readonly listIds: ListIds;

  constructor(private readonly database: Pick<Database, 'read' | 'write'>) {
    this.listIds = new ListIds(database);
  }

  listId(list: ListRecord) {
    return this.listIds.sign(list);
  }

  record(feedback: readonly NewFeedbackArgs[], options: RecordOptions) {
    return recordFeedback({ database: this.database, listIds: this.listIds }, feedback, options);
  }

  dismissedItems(userId: number, page: PageArgs) {
    return dismissedItems(this.database.read, userId, page);
  }

  undoDismissals(userExternalId: string, itemExternalIds: readonly string[]) {
    return undoDismissals(this.database, userExternalId, itemExternalIds);
  }

  placements(days: number) {
    return placementsOf(this.database.read, days);
  }

  async removePlacement(name: string) {
    const { count } = await this.database.write(({ placementDay }) =>
      placementDay.deleteMany({ where: { placement: name } }),
    );
    return { removedName: count > 0 ? name : null, userErrors: [] };
  }
}
