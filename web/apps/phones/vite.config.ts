import { defineConfig } from "vite";

const sandbox = "http://127.0.0.1:8081";

export default defineConfig({
  base: "./",
  build: { target: "es2022", sourcemap: false },
  server: { proxy: { "/control": sandbox } },
});
