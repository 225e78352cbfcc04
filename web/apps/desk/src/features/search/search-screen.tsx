/** Search over people and everything that was written. */
import { TextInput } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import type { SearchResult } from "@otklik/client";
import { Blank, Bones, ChannelMark, Face } from "@otklik/ui";
import { IconSearch, IconZoomQuestion } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { getRouteApi, Link, useNavigate } from "@tanstack/react-router";
import { useEffect, useState } from "react";
import { LoadFailed } from "../../shell/load-failed.tsx";
import { nameOf } from "../../shell/naming.ts";
import { useNow } from "../../shell/now.ts";
import { brief } from "../../shell/time.ts";
import { t } from "../../shell/words.ts";
import { searchQuery } from "./api.ts";
import css from "./search.module.css";
import { Snippet } from "./snippet.tsx";

const here = getRouteApi("/desk/search");
const LIMIT = 50;

export function SearchScreen() {
  const { q = "" } = here.useSearch();
  const navigate = useNavigate();
  const [words, setWords] = useState(q);
  const [settled] = useDebouncedValue(words, 200);
  useEffect(() => {
    void navigate({ to: "/search", search: settled ? { q: settled } : {}, replace: true });
  }, [settled, navigate]);
  return (
    <section className={css.screen} aria-label={t("search.title")}>
      <h1 className="visually-hidden">{t("search.title")}</h1>
      <div className={css.head}>
        <TextInput
          size="md"
          autoFocus
          data-opened-by="search"
          leftSection={<IconSearch size={18} stroke={1.7} />}
          placeholder={t("search.placeholder")}
          aria-label={t("search.placeholder")}
          value={words}
          onChange={(event) => setWords(event.currentTarget.value)}
        />
      </div>
      <Results words={settled} />
    </section>
  );
}

function Results({ words }: { words: string }) {
  const { data, error, isError, isLoading, refetch } = useQuery(searchQuery(words, LIMIT));
  if (words.trim().length < 2) {
    return (
      <Blank
        icon={<IconSearch size={24} stroke={1.6} />}
        title={t("search.start")}
        text={t("search.startText")}
      />
    );
  }
  if (isError) return <LoadFailed error={error} onRetry={() => void refetch()} />;
  if (isLoading || !data) return <Bones rows={6} shape="row" />;
  const total = data.contacts.length + data.messages.length;
  if (total === 0) {
    return (
      <Blank
        icon={<IconZoomQuestion size={24} stroke={1.6} />}
        title={t("search.nothing")}
        text={t("search.nothingText")}
      />
    );
  }
  return (
    <div className={css.results}>
      <p className={css.total} role="status">
        {t("search.found", { n: total })}
      </p>
      <Contacts found={data.contacts} />
      <Messages found={data.messages} words={words} />
    </div>
  );
}

function Contacts({ found }: { found: SearchResult["contacts"] }) {
  const reachable = found.filter((one) => one.conversation_id !== null);
  if (reachable.length === 0) return null;
  return (
    <>
      <h2 className={css.title}>{t("palette.contacts")}</h2>
      {reachable.map((one) => (
        <Link
          key={one.id}
          to="/conversations/$conversationId"
          params={{ conversationId: one.conversation_id ?? "" }}
          className={css.row ?? ""}
        >
          <Face name={nameOf(one.name, one.id)} seed={one.id} channel={one.channel} size={32} />
          <span className={css.name}>{nameOf(one.name, one.id)}</span>
        </Link>
      ))}
    </>
  );
}

function Messages({ found, words }: { found: SearchResult["messages"]; words: string }) {
  const now = useNow();
  if (found.length === 0) return null;
  return (
    <>
      <h2 className={css.title}>{t("palette.messages")}</h2>
      {found.map(({ message, conversation_id, contact_name, snippet }) => (
        <Link
          key={message.id}
          to="/conversations/$conversationId"
          params={{ conversationId: conversation_id }}
          search={{ at: message.seq }}
          className={css.row ?? ""}
        >
          <Face
            name={nameOf(contact_name, message.contact_id)}
            seed={message.contact_id}
            size={32}
          />
          <span className={css.lines}>
            <span className={css.line}>
              <span className={css.name}>{nameOf(contact_name, message.contact_id)}</span>
              <ChannelMark channel={message.channel} size={14} />
              {message.author_kind === "contact" ? null : (
                <span className={css.fine}>{message.author_name}</span>
              )}
              <time className={css.time}>{brief(message.sent_at, now)}</time>
            </span>
            <Snippet text={snippet || message.text} words={words} />
          </span>
        </Link>
      ))}
    </>
  );
}
