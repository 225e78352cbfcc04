/** The door of conversations. */
export { labelsQuery } from "./api.ts";
export { showMessage } from "./changes.ts";
export { MenuViews } from "./components/menu-views.tsx";
export { forgetDrafts } from "./drafts.ts";
export { readSearch } from "./model.ts";
export { outbox, whenAccepted } from "./outbox.ts";
export { ConversationsScreen, NothingOpen, OpenConversation } from "./routes.tsx";
