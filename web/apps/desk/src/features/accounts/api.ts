/** What accounts ask of the server. */
import { type ApiKeyView, ask, type Me, type OperatorView, type Role } from "@otklik/client";
import { queryOptions } from "@tanstack/react-query";
import { keys } from "../../shell/keys.ts";

export const operatorsQuery = queryOptions({
  queryKey: keys.operators,
  queryFn: () => ask<OperatorView[]>("GET", "/api/v1/operators"),
});

export const apiKeysQuery = queryOptions({
  queryKey: keys.apiKeys,
  queryFn: () => ask<ApiKeyView[]>("GET", "/api/v1/api-keys"),
});

export const signIn = (email: string, password: string) =>
  ask<Me>("POST", "/api/v1/sign-in", { body: { email, password } });
export const signInByLink = (token: string) =>
  ask<Me>("POST", "/api/v1/sign-in/link", { body: { token } });

export interface ProfileChange {
  name?: string;
  email?: string;
  password?: string;
  current_password?: string;
  locale?: string;
}

export const changeMe = (change: ProfileChange) => ask<Me>("PUT", "/api/v1/me", { body: change });

export interface Invited {
  operator: OperatorView;
  link: string;
}

export const invite = (name: string, email: string, role: Role) =>
  ask<Invited>("POST", "/api/v1/operators", { body: { name, email, role } });
export const inviteAgain = (id: string) => ask<Invited>("POST", `/api/v1/operators/${id}/link`);
export const changeOperator = (id: string, change: { role?: Role; active?: boolean }) =>
  ask<OperatorView>("PATCH", `/api/v1/operators/${id}`, { body: change });

export const makeKey = (title: string, scopes: string[]) =>
  ask<{ key: string }>("POST", "/api/v1/api-keys", { body: { title, scopes } });
export const revokeKey = (id: string) => ask<void>("DELETE", `/api/v1/api-keys/${id}`);
