/** The door of inboxes. */
export { inboxesQuery } from "./api.ts";
export { InboxesPage } from "./components/inboxes-page.tsx";
