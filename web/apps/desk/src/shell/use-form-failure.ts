/** A form's failure: beside its field where the server named one, else as a sentence. */
import { Refused } from "@otklik/client";
import { useState } from "react";
import { sentence } from "./failure.ts";

export function useFormFailure() {
  const [failure, setFailure] = useState<{ field: string; text: string }>();
  const [busy, setBusy] = useState(false);
  const run = async (work: () => Promise<void>) => {
    setBusy(true);
    setFailure(undefined);
    try {
      await work();
    } catch (error) {
      const field = error instanceof Refused ? (error.field ?? "") : "";
      setFailure({ field, text: sentence(error) });
    } finally {
      setBusy(false);
    }
  };
  return {
    busy,
    run,
    /** The failure of one field. */
    of: (field: string) => (failure?.field === field ? failure.text : undefined),
    /** The failure that belongs to none of these fields. */
    rest: (...fields: string[]) =>
      failure && !fields.includes(failure.field) ? failure.text : undefined,
  };
}
