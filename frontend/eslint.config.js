import js from "@eslint/js";
import a11y from "eslint-plugin-jsx-a11y";
import hooks from "eslint-plugin-react-hooks";
import { defineConfig, globalIgnores } from "eslint/config";
import ts from "typescript-eslint";

export default defineConfig(
  globalIgnores(["dist", "node_modules", "src/api/generated"]),
  js.configs.recommended,
  {
    files: ["src/**/*.{ts,tsx}"],
    extends: [...ts.configs.recommended, hooks.configs.flat["recommended-latest"], a11y.flatConfigs.recommended],
    rules: {
      // User text is never rendered as HTML.
      "no-restricted-syntax": [
        "error",
        {
          selector: "JSXAttribute[name.name='dangerouslySetInnerHTML']",
          message: "Render text as text: see lib/html.ts.",
        },
      ],
      "no-restricted-properties": ["error", { property: "innerHTML" }, { property: "outerHTML" }],
    },
  },
  {
    files: ["scripts/**", "e2e/**", "*.js"],
    languageOptions: {
      globals: Object.fromEntries(
        [
          "process",
          "console",
          "fetch",
          "URL",
          "Buffer",
          "setTimeout",
          "clearTimeout",
          "document",
          "window",
          "performance",
          "PerformanceObserver",
          "localStorage",
          "sessionStorage",
          "navigator",
          "getComputedStyle",
          "AbortSignal",
        ].map((name) => [name, "readonly"]),
      ),
    },
  },
);
