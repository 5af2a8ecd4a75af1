import { Page } from '../../components/page/page';

export function UsersPage() {
  return <Page title="Users">…</Page>;
}
