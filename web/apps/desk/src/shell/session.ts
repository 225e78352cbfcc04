/** Who is signed in, and what happens when they no longer are. */
import { ask, type Me, Refused, type Scope, wire } from "@otklik/client";
import { queryOptions, useQuery } from "@tanstack/react-query";
import { keys } from "./keys.ts";
import { queryClient } from "./live.ts";
import { prefer, preference } from "./preferences.ts";

/** Who is signed in, or null. */
export const meQuery = queryOptions({
  queryKey: keys.me,
  staleTime: Number.POSITIVE_INFINITY,
  queryFn: async (): Promise<Me | null> => {
    try {
      return await ask("GET", "/api/v1/me");
    } catch (error) {
      if (error instanceof Refused && error.status === 401) return null;
      throw error;
    }
  },
});

/** The signed-in operator; only for screens behind the sign-in. */
export function useMe(): Me {
  const { data } = useQuery(meQuery);
  if (!data) throw new Error("a screen behind the sign-in was drawn without one");
  return data;
}

/** Whether the signed-in operator may do a thing. */
export function useMay(scope: Scope): boolean {
  return useQuery(meQuery).data?.scopes.includes(scope) ?? false;
}

/** Remember the answer of a sign-in. */
export function signedIn(me: Me): void {
  queryClient.setQueryData(keys.me, me);
  if (me.locale === "ru" || me.locale === "en") prefer("locale", me.locale);
}

/** Wire the HTTP client to this session. */
export function wireSession(onSignedOut: () => void): void {
  wire({
    locale: () => preference("locale"),
    csrf: () => queryClient.getQueryData<Me | null>(keys.me)?.csrf_token,
    signedOut: () => {
      if (queryClient.getQueryData<Me | null>(keys.me)) onSignedOut();
    },
  });
}
