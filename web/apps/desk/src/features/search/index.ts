/** The door of search. */
export { SearchScreen } from "./search-screen.tsx";
