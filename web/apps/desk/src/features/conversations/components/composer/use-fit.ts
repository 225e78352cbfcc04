/** What the channel would make of the draft; asked only when it may not take it as it is. */
import { useDebouncedValue } from "@mantine/hooks";
import type { NewMessage, Preview, ReplyLimits, StoredFile } from "@otklik/client";
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { previewQuery } from "../../api.ts";
import { readFormatting } from "../../formatting.ts";
import { mayNotFit } from "../../limits.ts";

const SETTLED_MS = 400;

interface Box {
  id: string;
  limits: ReplyLimits | undefined;
  text: string;
  files: readonly StoredFile[];
  replyTo: string | undefined;
  identityId: string | undefined;
}

/** The preview of the draft; none while it goes as it is. */
export function useFit({ id, limits, text, files, replyTo, identityId }: Box): Preview | undefined {
  const formatted = readFormatting(text.trim());
  const draft = {
    text: formatted.text,
    files: files.map((one) => one.kind),
    marks: formatted.entities.length > 0,
    quotes: replyTo !== undefined,
  };
  const empty = draft.text === "" && draft.files.length === 0;
  const asks = limits !== undefined && !empty && mayNotFit(limits, draft);
  const wish: Omit<NewMessage, "client_id"> = {
    kind: files[0]?.kind ?? "text",
    ...formatted,
    file_ids: files.map((one) => one.file_id),
    ...(replyTo ? { reply_to_id: replyTo } : {}),
    ...(identityId ? { identity_id: identityId } : {}),
  };
  const [settled] = useDebouncedValue(JSON.stringify(wish), SETTLED_MS);
  const { data } = useQuery({
    ...previewQuery(id, settled),
    enabled: asks,
    placeholderData: keepPreviousData,
  });
  return asks ? data : undefined;
}
