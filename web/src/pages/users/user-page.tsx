import { Page } from '../../components/page/page';

export function UserPage() {
  return <Page title="User">…</Page>;
}
