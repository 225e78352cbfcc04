/** Upload with progress: `fetch` cannot tell how much of a body has left. */
import { headersFor, refusal, Unreachable } from "./http.ts";
import type { StoredFile } from "./types.ts";

/** Upload one file; `onProgress` gets a share between 0 and 1. */
export function upload(
  path: string,
  file: File,
  onProgress: (share: number) => void,
  signal?: AbortSignal,
): Promise<StoredFile> {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.open("POST", path);
    for (const [name, value] of Object.entries(headersFor("POST"))) {
      request.setRequestHeader(name, value);
    }
    request.upload.onprogress = (event) => {
      if (event.lengthComputable) onProgress(event.loaded / event.total);
    };
    request.onload = () => {
      if (request.status < 300) resolve(JSON.parse(request.responseText) as StoredFile);
      else reject(refusal(request.status, request.responseText));
    };
    request.onerror = () => reject(new Unreachable(path));
    request.onabort = () => reject(new DOMException("aborted", "AbortError"));
    signal?.addEventListener("abort", () => request.abort());
    const form = new FormData();
    form.append("file", file, file.name);
    request.send(form);
  });
}
