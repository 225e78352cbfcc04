/** The way out of a session, wired by the router: nothing of the last operator stays. */
let goSignIn: (expired: boolean) => void = () => undefined;

/** Tell where the sign-in is. */
export function wireLeaving(go: (expired: boolean) => void): void {
  goSignIn = go;
}

/** Leave on one's own will. */
export function leave(): void {
  goSignIn(false);
}

/** The session ended by itself: come back to the same place afterwards. */
export function expire(): void {
  goSignIn(true);
}
