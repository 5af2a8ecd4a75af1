/** Makes lists by the live model, or by another model version where a caller names one. */
import type { Asker, Recommender as RecommenderPort } from '../../graphql/context';
import type { RecommendationArgs, RecommendationList } from '../../graphql/recommendation/records';
import type { OtherVersion } from './other-version';
import type { Recommender, UserRequest } from './recommender';

export class VersionRecommender implements RecommenderPort {
  constructor(
    private readonly live: Recommender,
    private readonly other: Pick<OtherVersion, 'use'>,
    private readonly liveVersionId: () => number | null,
  ) {}

  /** Handles all users of a version at once. When a user's list fails, its slot has the error. */
  async recommendForUsers(requests: readonly UserRequest[], asker?: Asker): Promise<(RecommendationList | Error)[]> {
    const lists = new Map<UserRequest, RecommendationList | Error>();
    const versions = new Set(requests.map(({ args }) => args.modelVersionId ?? null));
    const byVersion = [...versions].map(async (version) => {
      const own = requests.filter(({ args }) => (args.modelVersionId ?? null) === version);
      const made = await this.by(version, (recommender) => recommender.recommendForUsers(own, asker)).catch(
        (error: unknown) => own.map(() => error as Error),
      );
      own.forEach((request, i) => lists.set(request, made[i]));
    });
    await Promise.all(byVersion);
    return requests.map((request) => lists.get(request)!);
  }

  recommendForHistory(
    history: readonly string[],
    args: RecommendationArgs,
    asker?: Asker,
  ): Promise<RecommendationList & { skipped: readonly string[] }> {
    return this.by(args.modelVersionId ?? null, (recommender) => recommender.recommendForHistory(history, args, asker));
  }

  private by<T>(version: number | null, make: (recommender: Recommender) => Promise<T>): Promise<T> {
    return version === null || version === this.liveVersionId() ? make(this.live) : this.other.use(version, make);
  }
}
