/** One thing a button does: whether it is under way, and why it failed. */
import { useState } from "react";
import { sentence } from "../../../shell/failure.ts";

export function useDeed() {
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState("");
  const act = (deed: () => Promise<void>) => {
    setBusy(true);
    setError("");
    deed()
      .catch((failed: unknown) => setError(sentence(failed)))
      .finally(() => setBusy(false));
  };
  return { act, busy, error };
}
