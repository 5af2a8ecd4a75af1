/** What the shop's forms do. Each is a POST, so that the shop works without JavaScript. */
import { randomUUID } from 'node:crypto';

import type { CartLine } from './page';
import { newVisitor, type Session } from './sessions';
import { settings } from './settings';
import { identify, itemOf, record, report } from './shop';

const MAX_LINES = 50;
const MAX_COUNT = 99;

/** Each does its work and says where to go on; null: back to where the form was. */
export const actions: Readonly<Record<string, (session: Session, form: URLSearchParams) => Promise<string | null>>> = {
  '/cart/add': addToCart,
  '/cart/change': changeCart,
  '/order': placeOrder,
  '/login': login,
};

async function addToCart(session: Session, form: URLSearchParams): Promise<null> {
  const item = await itemOf(form.get('item') ?? '');
  if (item === null) return null;
  const { externalId, title, brand, categories, price, currency, availability, imageUrl, url } = item;
  const card = { externalId, title, brand, categories, price, currency, availability, imageUrl, url };
  const present = session.cart.find((line) => line.item.externalId === externalId);
  const listId = form.get('list') || present?.listId || null;
  const line: CartLine = { item: card, count: Math.min((present?.count ?? 0) + 1, MAX_COUNT), listId };
  session.cart = [...session.cart.filter((other) => other !== present), line].slice(-MAX_LINES);
  await Promise.all([record(session.shopper, 'CART', externalId), report('CART', [line])]);
  return null;
}

async function changeCart(session: Session, form: URLSearchParams): Promise<null> {
  const count = Math.min(Math.max(Math.trunc(Number(form.get('count'))) || 0, 0), MAX_COUNT);
  session.cart = session.cart
    .map((line) => (line.item.externalId === form.get('item') ? { ...line, count } : line))
    .filter((line) => line.count > 0);
  return null;
}

/** A real shop takes money here. */
async function placeOrder(session: Session): Promise<string> {
  const lines = session.cart;
  if (lines.length === 0) return '/cart';
  session.cart = [];
  const items = lines.map(({ item }) => item.externalId);
  await Promise.all([record(session.shopper, 'PURCHASE', ...items), report('PURCHASED', lines, randomUUID())]);
  return '/thanks';
}

/** A real shop asks for a password here. */
async function login(session: Session, form: URLSearchParams): Promise<string> {
  const user = settings.users.find(({ id }) => id === form.get('user'));
  const { shopper } = session;
  if (user === undefined) session.shopper = newVisitor();
  else {
    if (shopper.user === null) await identify(shopper, user.id);
    session.shopper = { ...newVisitor(), user: user.id };
  }
  return '/';
}
