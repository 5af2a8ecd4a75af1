/** `tigerql recommend`: prints the list of a stored user, as the API gives it. */
import type { Loaders } from '../../graphql/context';
import type { EmptyReason, RecommendationList } from '../../graphql/recommendation/records';
import { printSemanticId } from '../../models/semantic-id/semantic-ids';
import { CommandError, JSON_OPTION, printResult, wholeNumber, type AddCommand, type OutputOptions } from './command';
import { withApp } from './open-services';
import { formatTable } from './text-table';

interface RecommendOptions extends OutputOptions {
  readonly user: string;
  readonly first: number;
  readonly includeSeen?: boolean;
}

interface Row {
  readonly rank: number;
  readonly externalId: string;
  readonly title: string;
  readonly score: number;
  readonly decoderScore: number | null;
  readonly itemHeadScore: number | null;
  readonly source: string;
  readonly semanticId: readonly number[] | null;
}

const WHY_EMPTY: Readonly<Record<EmptyReason, string>> = {
  EMPTY_CATALOGUE: 'No items: the catalogue has none.',
  ALL_SEEN: 'No items: the user has had all of them; --include-seen lists them again.',
  FILTER_ADMITS_NOTHING: 'No items: the filter admits none.',
  NO_FALLBACK: 'No items: no model could make the list, and the placement has no fallback.',
};

export const addRecommend: AddCommand = (program, environment) => {
  program
    .command('recommend')
    .description('print the recommendations of a user')
    .requiredOption('--user <id>', "the user's external id")
    .option('--first <n>', 'how many items', wholeNumber(1, 100), 10)
    .option('--include-seen', 'list items too that the user already has')
    .option(...JSON_OPTION)
    .action((options: RecommendOptions) =>
      withApp(environment, async (app) => {
        const { catalogue, recommender, loaders } = app.contextFor(await app.callerOf(undefined));
        const user = await catalogue.user(options.user);
        if (user === null) throw new CommandError(`user ${options.user}: expected a user in the database, got none`);
        const { first, includeSeen } = options;
        const list = await recommender.recommend({ userId: user.id }, { first, includeSeen });
        const rows = await rowsOf(list, loaders);
        const { modelVersionId, catalogueVersion, reason } = list;
        const document = { user: options.user, recommendations: rows, modelVersionId, catalogueVersion, reason };
        printResult(environment, options, document, () =>
          rows.length > 0 ? table(rows) : WHY_EMPTY[reason as EmptyReason],
        );
      }),
    );
};

function rowsOf({ recommendations }: RecommendationList, loaders: Loaders): Promise<Row[]> {
  return Promise.all(
    recommendations.map(async ({ itemId, score, decoderScore, itemHeadScore, source }, index) => {
      const [item, semanticId] = await Promise.all([loaders.item(itemId), loaders.semanticId(itemId)]);
      if (item === null) throw new Error(`item ${itemId}: expected its row, got none`);
      const { externalId, title } = item;
      const codes = semanticId?.codes ?? null;
      return { rank: index + 1, externalId, title, score, decoderScore, itemHeadScore, source, semanticId: codes };
    }),
  );
}

function table(rows: readonly Row[]): string {
  return formatTable(
    ['rank', 'score', 'decoder', 'item head', 'item', 'title', 'semantic ID', 'source'],
    rows.map((row) => [
      row.rank,
      ...[row.score, row.decoderScore, row.itemHeadScore].map((score) => score?.toFixed(2) ?? null),
      row.externalId,
      row.title,
      row.semanticId && printSemanticId(row.semanticId),
      row.source,
    ]),
  );
}
