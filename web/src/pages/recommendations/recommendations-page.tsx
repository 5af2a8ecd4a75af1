import { Page } from '../../components/page/page';

export function RecommendationsPage() {
  return <Page title="Recommendations">…</Page>;
}
