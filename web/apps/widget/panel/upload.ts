/** Files go up with their progress shown; the code for it comes with the first file. */
import { type Api, LATER_MS, outcomeOf, refusalOf } from "./api";
import type { Outcome, WaitingFile } from "./outbox";
import type { Uploaded } from "./wire";

export function upload(
  api: Api,
  token: string,
  file: WaitingFile & { blob: Blob },
  progress: (share: number) => void,
): Promise<Uploaded | Outcome> {
  const request = new XMLHttpRequest(); // fetch does not tell how much of a body has gone
  const form = new FormData();
  form.append("file", file.blob, file.name);
  request.open("POST", `${api.base}/files`);
  request.setRequestHeader("Authorization", `Bearer ${token}`);
  request.setRequestHeader("Accept-Language", api.locale);
  request.upload.onprogress = (event) => progress(event.loaded / (event.total || 1));
  return new Promise((resolve) => {
    request.onerror = () => resolve({ kind: "later", after_ms: LATER_MS });
    request.onload = () => {
      const { status, responseText } = request;
      if (status < 300) resolve(JSON.parse(responseText) as Uploaded);
      else
        resolve(
          outcomeOf(refusalOf(status, responseText, request.getResponseHeader("Retry-After"))),
        );
    };
    request.send(form);
  });
}
