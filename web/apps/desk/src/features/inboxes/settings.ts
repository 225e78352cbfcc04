/** What inboxes give to the settings. */
export { InboxPage } from "./components/inbox-page.tsx";
export { InboxesPage } from "./components/inboxes-page.tsx";
export { NewInboxPage } from "./components/new-inbox-page.tsx";
