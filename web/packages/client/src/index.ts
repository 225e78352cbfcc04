/** Everything the desk needs to speak to the server. */
export * from "./http.ts";
export * from "./types.ts";
export { upload } from "./upload.ts";
