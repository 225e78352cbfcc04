/** The door of contacts. */
export { ContactPane } from "./components/contact-pane.tsx";
