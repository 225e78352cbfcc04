/** Build of the desk: hashed names, nothing inline, so that a strict CSP holds. */
import react from "@vitejs/plugin-react";
import { defineConfig } from "vite";

const server = process.env.OTKLIK_SERVER ?? "http://127.0.0.1:8080";

export default defineConfig({
  plugins: [react()],
  build: {
    target: "es2022",
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    chunkSizeWarningLimit: 700,
  },
  server: {
    proxy: { "/api": { target: server, ws: true }, "/widget": { target: server, ws: true } },
  },
});
