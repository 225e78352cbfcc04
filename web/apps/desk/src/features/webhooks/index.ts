/** The door of webhooks. */
export { WebhooksPage } from "./components/webhooks-page.tsx";
