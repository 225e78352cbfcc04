/** What search asks of the server. */
import { ask } from "@otklik/client";
import { keepPreviousData, queryOptions } from "@tanstack/react-query";
import { keys } from "../../shell/keys.ts";

/** Search contacts and messages; nothing is asked for fewer than two signs. */
export function searchQuery(words: string, limit: number) {
  const wanted = words.trim();
  return queryOptions({
    queryKey: [...keys.search(wanted), limit],
    queryFn: ({ signal }) => ask("GET", "/api/v1/search", { signal, query: { q: wanted, limit } }),
    enabled: wanted.length >= 2,
    placeholderData: keepPreviousData,
  });
}
