/** Files chosen for a reply: uploaded at once, sent when the operator says so. */
import { type StoredFile, upload } from "@otklik/client";
import { useCallback, useRef, useState } from "react";
import { sentence } from "../../shell/failure.ts";
import { fileSize } from "../../shell/time.ts";
import { t } from "../../shell/words.ts";

export interface Chosen {
  key: string;
  name: string;
  size: number;
  preview: string | undefined;
  share: number;
  stored: StoredFile | undefined;
  failed: string;
}

export interface Attachments {
  files: Chosen[];
  busy: boolean;
  add: (files: File[]) => void;
  remove: (key: string) => void;
  clear: () => void;
}

/** Keep the files of one reply box; `limit` is the largest size in bytes any channel takes. */
export function useAttachments(limit: number): Attachments {
  const [files, setFiles] = useState<Chosen[]>([]);
  const running = useRef(new Map<string, AbortController>());
  const change = useCallback((key: string, part: Partial<Chosen>) => {
    setFiles((old) => old.map((one) => (one.key === key ? { ...one, ...part } : one)));
  }, []);
  const start = (file: File): Chosen => {
    const key = crypto.randomUUID();
    const picture = file.type.startsWith("image/") ? URL.createObjectURL(file) : undefined;
    const chosen = { key, name: file.name, size: file.size, preview: picture, share: 0 };
    if (limit > 0 && file.size > limit) {
      const failed = t("composer.tooLarge", { limit: fileSize(limit) });
      return { ...chosen, stored: undefined, failed };
    }
    const control = new AbortController();
    running.current.set(key, control);
    upload("/api/v1/files", file, (share) => change(key, { share }), control.signal).then(
      (stored) => change(key, { stored, share: 1 }),
      (error: unknown) => {
        if (!control.signal.aborted) change(key, { failed: sentence(error) });
      },
    );
    return { ...chosen, stored: undefined, failed: "" };
  };
  return {
    files,
    busy: files.some((file) => !file.stored && !file.failed),
    add: (added) => {
      const started = added.map(start);
      setFiles((old) => [...old, ...started]);
    },
    remove: (key) => {
      running.current.get(key)?.abort();
      setFiles((old) => old.filter((file) => file.key !== key));
    },
    clear: () => setFiles([]),
  };
}
