import { checkStorable } from '../../../src/datasets/check-rows';
import { DatasetError } from '../../../src/datasets/dataset';

describe('checkStorable', () => {
  it('takes what a database can keep', () => {
    const attributes = { size: 7, notes: ['🐯', { deep: 'é' }], none: null };
    expect(() => checkStorable('items.jsonl', 2, { title: 'cup', attributes })).not.toThrow();
  });

  it.each<[string, object]>([
    ['title', { title: 'a\0b' }],
    ['attributes.notes.1', { title: 'cup', attributes: { notes: ['fine', '\ud83d'] } }],
    ['attributes', { attributes: { 'a\0': 1 } }],
  ])('names the file, the line and %s', (path, fields) => {
    const check = () => checkStorable('items.jsonl', 2, fields);
    expect(check).toThrow(DatasetError);
    expect(check).toThrow(`items.jsonl:2: ${path}: expected text without NUL characters`);
  });
});
