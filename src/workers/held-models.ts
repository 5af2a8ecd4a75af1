/** The models that the worker holds: the live one and the former one, each with the semantic IDs that it serves with. */
import type { LiveCodes } from './live-codes';
import type { ApplyChangesRequest, ResumeModelRequest } from './messages';

/** All that a list is made from. It is never changed, only replaced as a whole, so that a list never mixes two versions. */
export interface HeldModel<Model> {
  readonly modelVersionId: number;
  readonly tokenizerId: number;
  readonly catalogueVersion: number;
  readonly model: Model;
  readonly codes: LiveCodes;
}

/** Holds at most two models, so that going back to the former one needs no loading. */
export class HeldModels<Model extends { disposeWhenIdle(): void }> {
  private present: HeldModel<Model> | null = null;
  /** In the state in which the present one replaced it. */
  private former: HeldModel<Model> | null = null;

  get live(): HeldModel<Model> | null {
    return this.present;
  }

  has(modelVersionId: number): boolean {
    return [this.present, this.former].some((each) => each?.modelVersionId === modelVersionId);
  }

  /** Makes `next` live, and disposes each model that is no longer held. */
  swapIn(next: HeldModel<Model>): void {
    const held = [this.present, this.former];
    if (this.present?.modelVersionId !== next.modelVersionId) this.former = this.present;
    this.present = next;
    const isHeld = (model: Model) => model === next.model || model === this.former?.model;
    for (const each of held) if (each !== null && !isHeld(each.model)) each.model.disposeWhenIdle();
  }

  /**
   * Makes the model that the request names live again.
   *
   * @returns False when that model is not held, has missed changes, or has not the live model's tokenizer although the request
   *   gives no changes. Then nothing changes.
   */
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
   * Applies a change to the live model; lists that are being made keep the state before it. A change that is not newer than the
   * model is ignored: the model was loaded with it, and its codes may be those of another tokenizer.
   *
   * @throws {TrieError} When the change does not fit the trie. Then no model is live, since this one has missed a change.
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
