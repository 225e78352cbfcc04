import { resolve } from "node:path";
import { defineConfig } from "vite";

// The loader: one plain script without a hash in its name, because site owners paste its address.
export default defineConfig({
  publicDir: false,
  build: {
    outDir: "node_modules/.build",
    target: "es2022",
    emptyOutDir: false,
    minify: "terser",
    terserOptions: { compress: { ecma: 2020, passes: 3, unsafe_arrows: true } },
    lib: {
      entry: resolve(import.meta.dirname, "loader/loader.ts"),
      formats: ["iife"],
      name: "otklikLoader",
      fileName: () => "widget.js",
    },
  },
});
