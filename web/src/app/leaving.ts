/** Whether another page is on its way, as the router knows it at once. What `useNavigation` gives is drawn later. */
let isOnItsWay = false;

export function noteLeaving(isLeaving: boolean): void {
  isOnItsWay = isLeaving;
}

export function isLeaving(): boolean {
  return isOnItsWay;
}

/** For `beforeunload`: the browser asks whether to close the tab. */
export function askBeforeLeaving(event: BeforeUnloadEvent): void {
  event.preventDefault();
}
