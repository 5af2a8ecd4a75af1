/** For `beforeunload`: the browser asks whether to close the tab. */
export function askBeforeLeaving(event: BeforeUnloadEvent): void {
  event.preventDefault();
}
