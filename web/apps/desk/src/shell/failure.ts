/** What to tell a person when something did not work. */
import { Refused, Unreachable } from "@otklik/client";
import { toast } from "@otklik/ui";
import { t } from "./words.ts";

/** One sentence for any failure: the server's own where it gave one. */
export function sentence(error: unknown): string {
  if (error instanceof Unreachable) return t("failure.unreachable");
  if (error instanceof Refused && error.code !== "unknown") return error.message;
  return t("failure.unknown");
}

/** Show a failure without interrupting. */
export function tellFailure(error: unknown): void {
  toast({ text: sentence(error), tone: "error" });
}
