import { Page } from '../../components/page/page';

export function ItemPage() {
  return <Page title="Item">…</Page>;
}
