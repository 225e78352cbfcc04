/** Says that the connection is gone, once it is gone long enough to matter. */
import { useEffect, useState } from "react";
import { socket, useLink } from "./link.ts";
import css from "./link-banner.module.css";
import { t } from "./words.ts";

const NOTICED_MS = 2000;

export function LinkBanner() {
  const link = useLink();
  const [late, setLate] = useState(false);
  const away = link !== "live";
  useEffect(() => {
    if (!away) {
      setLate(false);
      return;
    }
    const timer = setTimeout(() => setLate(true), NOTICED_MS);
    return () => clearTimeout(timer);
  }, [away]);
  if (!late) return null;
  return (
    <div className={css.banner} role="status">
      <span className={css.dot} />
      <span>{t("link.lost")}</span>
      <button type="button" className={css.retry} onClick={socket.hurry}>
        {t("link.retry")}
      </button>
    </div>
  );
}
