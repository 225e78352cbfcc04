/** What to create at the platform, in order, with the way there. */
import type { GuideWords } from "@otklik/client";
import { IconExternalLink } from "@tabler/icons-react";
import { t } from "../../../shell/words.ts";
import { inOwnWords } from "../model.ts";
import css from "./inbox.module.css";

export function GuideSteps({ steps }: { steps: readonly GuideWords[] }) {
  if (steps.length === 0) return null;
  return (
    <ol className={css.steps}>
      {steps.map((step) => (
        <li key={step.en}>
          {inOwnWords(step)}
          {step.link ? (
            <a href={step.link} target="_blank" rel="noopener noreferrer" className={css.out}>
              {hostOf(step.link)}
              <IconExternalLink size={14} aria-label={t("connect.opens")} />
            </a>
          ) : null}
        </li>
      ))}
    </ol>
  );
}

function hostOf(link: string): string {
  return new URL(link).host.replace(/^www\./, "");
}
