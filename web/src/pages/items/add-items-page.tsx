import { Page } from '../../components/page/page';

export function AddItemsPage() {
  return <Page title="AddItems">…</Page>;
}
