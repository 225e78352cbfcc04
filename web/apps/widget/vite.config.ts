import { resolve } from "node:path";
import { defineConfig, type Plugin } from "vite";

// The usual helper preloads the styles of late parts; ours bring theirs along, and bytes count.
const plainImports: Plugin = {
  name: "plain-imports",
  enforce: "pre",
  load: (id) =>
    id.includes("vite/preload-helper") ? "export const __vitePreload = (load) => load();" : null,
};

// The panel (a page of its own, shown in a frame) and the demo shop.
export default defineConfig({
  base: "./",
  plugins: [plainImports],
  // The classic form spares the panel a second way to make elements.
  oxc: {
    jsx: { runtime: "classic", pragma: "h", pragmaFrag: "Fragment" },
    jsxInject: `import { h, Fragment } from "preact"`,
  },
  build: {
    outDir: "node_modules/.build",
    emptyOutDir: true,
    target: "es2022",
    modulePreload: false,
    assetsInlineLimit: 0,
    minify: "terser",
    terserOptions: {
      module: true,
      compress: { ecma: 2020, passes: 3, unsafe_arrows: true, pure_getters: true },
    },
    rolldownOptions: {
      input: {
        frame: resolve(import.meta.dirname, "frame/index.html"),
        demo: resolve(import.meta.dirname, "demo/index.html"),
      },
    },
  },
});
