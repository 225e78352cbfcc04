/** What accounts ask of the server. */
import { ask, type ProfilePatch, type Role, type Scope } from "@otklik/client";
import { queryOptions } from "@tanstack/react-query";
import { keys } from "../../shell/keys.ts";

export const operatorsQuery = queryOptions({
  queryKey: keys.operators,
  queryFn: () => ask("GET", "/api/v1/operators"),
});

export const apiKeysQuery = queryOptions({
  queryKey: keys.apiKeys,
  queryFn: () => ask("GET", "/api/v1/api-keys"),
});

export const signIn = (email: string, password: string) =>
  ask("POST", "/api/v1/sign-in", { body: { email, password } });
export const signInByLink = (token: string) =>
  ask("POST", "/api/v1/sign-in/link", { body: { token } });

export const changeMe = (change: ProfilePatch) => ask("PUT", "/api/v1/me", { body: change });

export const invite = (name: string, email: string, role: Role) =>
  ask("POST", "/api/v1/operators", { body: { name, email, role } });
export const inviteAgain = (id: string) =>
  ask("POST", "/api/v1/operators/{operator_id}/link", { path: { operator_id: id } });
export const changeOperator = (id: string, change: { role?: Role; active?: boolean }) =>
  ask("PATCH", "/api/v1/operators/{operator_id}", { path: { operator_id: id }, body: change });

export const makeKey = (title: string, scopes: Scope[]) =>
  ask("POST", "/api/v1/api-keys", { body: { title, scopes } });
export const revokeKey = (id: string) =>
  ask("DELETE", "/api/v1/api-keys/{key_id}", { path: { key_id: id } });
