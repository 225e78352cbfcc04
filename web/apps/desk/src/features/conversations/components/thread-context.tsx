/** What bubbles and the reply box of one thread share. */
import type { ConversationView, MessageView, ReplyLimits } from "@otklik/client";
import { createContext, type ReactNode, useContext, useMemo, useState } from "react";

interface Thread {
  view: ConversationView;
  /** Answering this message. */
  replyTo: MessageView | undefined;
  setReplyTo: (message: MessageView | undefined) => void;
  /** Changing this message. */
  editing: MessageView | undefined;
  setEditing: (message: MessageView | undefined) => void;
  limitsOf: (inboxId: string) => ReplyLimits | undefined;
}

const Context = createContext<Thread | undefined>(undefined);

export function ThreadProvider({
  view,
  children,
}: {
  view: ConversationView;
  children: ReactNode;
}) {
  const [replyTo, setReplyTo] = useState<MessageView>();
  const [editing, setEditing] = useState<MessageView>();
  const thread = useMemo(
    () => ({
      view,
      replyTo,
      setReplyTo,
      editing,
      setEditing,
      limitsOf: (inboxId: string) => view.limits[inboxId],
    }),
    [view, replyTo, editing],
  );
  return <Context value={thread}>{children}</Context>;
}

/** The thread around this component. */
export function useThread(): Thread {
  const thread = useContext(Context);
  if (!thread) throw new Error("a part of a thread was drawn outside of one");
  return thread;
}
