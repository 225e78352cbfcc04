/** The parts of the queue and its labels, as they stand in the unfolded menu. */
import { LabelDot } from "@otklik/ui";
import { IconChecks, IconStack2, IconUser, IconUserQuestion } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { Link, useSearch } from "@tanstack/react-router";
import { t } from "../../../shell/words.ts";
import { countsQuery } from "../api.ts";
import { filterOf, readSearch, useLabels, VIEWS } from "../model.ts";
import css from "./menu-views.module.css";

const ICONS = {
  mine: IconUser,
  unassigned: IconUserQuestion,
  all: IconStack2,
  resolved: IconChecks,
};

export function MenuViews() {
  const { data: counts } = useQuery(countsQuery);
  const labels = [...useLabels().values()];
  const search = readSearch(useSearch({ strict: false }));
  const current = filterOf(search);
  return (
    <>
      <ul className={css.list}>
        {VIEWS.map((view) => {
          const Icon = ICONS[view];
          return (
            <li key={view}>
              <Link
                to="/conversations"
                search={{ ...search, view, label: undefined, at: undefined }}
                className={css.link ?? ""}
                data-current={view === current.view && !current.label}
              >
                <Icon size={16} stroke={1.7} />
                <span className={css.title}>{t(`queue.${view}`)}</span>
                {counts ? (
                  <span className={css.count}>{counts[view === "all" ? "open" : view]}</span>
                ) : null}
              </Link>
            </li>
          );
        })}
      </ul>
      {labels.length > 0 ? <h2 className={css.heading}>{t("nav.labels")}</h2> : null}
      <ul className={css.list}>
        {labels.map((label) => (
          <li key={label.id}>
            <Link
              to="/conversations"
              search={{ label: label.id }}
              className={css.link ?? ""}
              data-current={current.label === label.id}
            >
              <LabelDot color={label.color} />
              <span className={css.title}>{label.title}</span>
            </Link>
          </li>
        ))}
      </ul>
    </>
  );
}
