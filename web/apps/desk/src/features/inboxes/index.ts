/** The door of inboxes. */
export { channelsQuery, inboxesQuery, templatesQuery } from "./api.ts";
export { explained } from "./model.ts";
