/// <reference types="vitest/config" />
import optimizeLocales from "@react-aria/optimize-locales-plugin";
import react from "@vitejs/plugin-react";
import { fileURLToPath } from "node:url";
import { defineConfig, type Plugin } from "vite";

/** The gateway that the development server passes /api to. */
const gateway = process.env.SOUK_URL ?? "http://localhost:9080";

/** Fetches the fonts that every page needs along with the style sheet, so that text does not change its face late. */
function preloadFonts(): Plugin {
  const needed = /(young-serif-latin-400-normal|hanken-grotesk-latin-wght-normal)-[^/]*\.woff2$/;
  return {
    name: "souk:preload-fonts",
    transformIndexHtml: {
      order: "post",
      handler: (_, { bundle }) =>
        Object.keys(bundle ?? {})
          .filter((file) => needed.test(file))
          .map((file) => ({
            tag: "link",
            attrs: { rel: "preload", as: "font", type: "font/woff2", href: `/${file}`, crossorigin: "" },
            injectTo: "head",
          })),
    },
  };
}

export default defineConfig({
  plugins: [
    react(),
    // Only the languages of the shop out of the thirty that react-aria brings along.
    { ...optimizeLocales.vite({ locales: ["en-US", "pt-PT", "pt-BR"] }), enforce: "pre" },
    preloadFonts(),
  ],
  resolve: { alias: { "@": fileURLToPath(new URL("./src", import.meta.url)) } },
  build: {
    target: "es2022",
    // The policy admits no data: addresses for fonts and scripts, and files are cached for good anyway.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    manifest: true,
    rolldownOptions: {
      output: {
        // What every page needs is one file that stays the same from release to release of the shop's own code.
        codeSplitting: {
          groups: [
            {
              name: "base",
              test: /node_modules\/(react|react-dom|scheduler|react-router|@tanstack|i18next|react-i18next|openapi-fetch)\//,
            },
          ],
        },
      },
    },
  },
  server: { port: 3000, strictPort: true, proxy: { "/api": { target: gateway, changeOrigin: true } } },
  preview: { port: 3000, strictPort: true, proxy: { "/api": { target: gateway, changeOrigin: true } } },
  test: {
    environment: "jsdom",
    include: ["src/**/*.test.{ts,tsx}"],
    setupFiles: ["src/test/setup.ts"],
    css: false,
  },
});
