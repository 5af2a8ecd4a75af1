/** Vectors of texts for a plan that may have to be made anew: encoding takes seconds, and the texts are mostly the same. */
import { Rows } from '../../models/math/rows';
import type { CodeAssigner, EncodedItems } from './text-encoder';

/** @returns An assigner that encodes each text once. For items without vectors of their own. */
export function rememberTexts(assigner: CodeAssigner): CodeAssigner {
  const known = new Map<string, Float32Array>();
  let form: Pick<EncodedItems, 'dims' | 'encoder'>;
  return {
    ...assigner,
    async encode(items, signal) {
      const unknown = items.filter(({ text }) => !known.has(text));
      if (unknown.length > 0) {
        const { vectors, ...rest } = await assigner.encode(unknown, signal);
        form = rest;
        const made = new Rows(vectors, form.dims);
        unknown.forEach(({ text }, row) => known.set(text, made.row(row)));
      }
      const all = new Rows(new Float32Array(items.length * form.dims), form.dims);
      items.forEach(({ text }, row) => all.set(row, known.get(text)!));
      return { ...form, vectors: all.values };
    },
  };
}
