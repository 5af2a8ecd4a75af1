/** The models that the worker holds: the live one, and the one before it, with the semantic IDs that each serves with. */
import type { LiveCodes } from './live-codes';
import type { ApplyChangesRequest, ResumeModelRequest } from './messages';

/** What makes a list: one model, one trie, one version each. Replaced as a whole, never changed. */
export interface HeldModel<Model> {
  readonly modelVersionId: number;
  readonly tokenizerId: number;
  readonly catalogueVersion: number;
  readonly model: Model;
  readonly codes: LiveCodes;
}

/** Two models are held at most, so that the way back takes no loading. */
export class HeldModels<Model extends { disposeWhenIdle(): void }> {
  private present: HeldModel<Model> | null = null;
  /** As it was when another one took its place. */
  private former: HeldModel<Model> | null = null;

  get live(): HeldModel<Model> | null {
    return this.present;
  }

  /** From now on `next` is live; what is held no longer is disposed. */
  swapIn(next: HeldModel<Model>): void {
    const held = [this.present, this.former];
    if (this.present?.modelVersionId !== next.modelVersionId) this.former = this.present;
    this.present = next;
    const isHeld = (model: Model) => model === next.model || model === this.former?.model;
    for (const each of held) if (each !== null && !isHeld(each.model)) each.model.disposeWhenIdle();
  }

  /** @returns False, and changes nothing, when that model is not held, has missed changes, or has another tokenizer than is presumed. */
  resume({ modelVersionId, catalogueVersion, since, changes }: Omit<ResumeModelRequest, 'type'>): boolean {
    if (this.present === null) return false;
    const wanted = [this.present, this.former].find((each) => each?.modelVersionId === modelVersionId);
    if (!wanted || wanted.catalogueVersion < since) return false;
    if (changes === null && wanted.tokenizerId !== this.present.tokenizerId) return false;
    const codes = changes === null ? this.present.codes : wanted.codes.with(changes);
    this.swapIn({ ...wanted, codes, catalogueVersion });
    return true;
  }

  /**
   * Makes a change visible to every list begun from now on. A model that was loaded after the change has it already: one
   * from before another model was activated names codes of that one's tokenizer.
   *
   * @throws {TrieError} When the change does not fit the trie. Then no model is live: one that has missed a change is no good.
   */
  apply(request: Omit<ApplyChangesRequest, 'type'>): void {
    const { present } = this;
    if (present === null || request.catalogueVersion <= present.catalogueVersion) return;
    try {
      this.present = withChanges(present, request);
    } catch (error) {
      this.present = null;
      present.model.disposeWhenIdle();
      throw error;
    }
  }
}

export function withChanges<Model>(
  held: HeldModel<Model>,
  { changes, catalogueVersion }: Omit<ApplyChangesRequest, 'type'>,
): HeldModel<Model> {
  return { ...held, codes: held.codes.with(changes), catalogueVersion };
}
