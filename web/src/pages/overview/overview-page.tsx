import { Page } from '../../components/page/page';

export function OverviewPage() {
  return <Page title="Overview">…</Page>;
}
