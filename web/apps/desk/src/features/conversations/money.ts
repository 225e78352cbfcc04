/** Money as people write it; what a messenger sends that is none stays as it came. */
import { preference } from "../../shell/preferences.ts";

/** Format a decimal amount in a currency named by its three letters. */
export function money(amount: string, currency: string): string {
  if (amount === "") return "";
  const value = Number(amount);
  if (!Number.isFinite(value) || !/^[A-Z]{3}$/.test(currency)) {
    return [amount, currency].filter(Boolean).join(" ");
  }
  return new Intl.NumberFormat(preference("locale"), {
    style: "currency",
    currency,
    minimumFractionDigits: Number.isInteger(value) ? 0 : 2,
  }).format(value);
}
