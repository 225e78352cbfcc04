/** The door of the log. */
export { DeadLettersPage } from "./components/dead-letters-page.tsx";
