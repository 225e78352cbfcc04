/** Small texts kept in the frame's own storage; where the browser forbids it, nothing is kept. */

export function read(name: string): string {
  try {
    return localStorage.getItem(name) ?? "";
  } catch {
    return ""; // storage is blocked: this tab's memory is all there is
  }
}

export function write(name: string, value: string): void {
  try {
    if (value) localStorage.setItem(name, value);
    else localStorage.removeItem(name);
  } catch {
    return; // storage is blocked: this tab's memory is all there is
  }
}
