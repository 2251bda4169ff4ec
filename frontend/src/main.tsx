import { QueryClientProvider } from "@tanstack/react-query";
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { RouterProvider } from "react-router/dom";
import { forgetMine, queries } from "./api/query";
import { onSession, startSession } from "./auth/session";
import { startLanguage } from "./i18n";
import { currentTheme, showTheme } from "./lib/theme";
import { router } from "./routes";
import "./theme/base.css";

showTheme(currentTheme());
void startSession();
keepPersonalDataApart();
reloadAfterUpdates();
await startLanguage();

const root = document.getElementById("root");
if (root) {
  createRoot(root).render(
    <StrictMode>
      <QueryClientProvider client={queries}>
        <RouterProvider router={router} />
      </QueryClientProvider>
    </StrictMode>,
  );
}

/** What was loaded for one shopper is gone when another is there. */
function keepPersonalDataApart(): void {
  let before: string | undefined;
  onSession((session) => {
    const now = session.kind === "account" ? session.user.id : session.kind === "guest" ? session.id : session.kind;
    if (before !== undefined && before !== "starting" && before !== now) forgetMine();
    before = now;
  });
}

/** A page of the release before asks for chunks that are gone: load the new one, once. */
function reloadAfterUpdates(): void {
  window.addEventListener("vite:preloadError", (event) => {
    // Without a network there is nothing to load again: the error page says so and waits.
    if (!navigator.onLine) return;
    const last = Number(sessionStorage.getItem("souk.reloaded"));
    if (Date.now() - last < 30_000) return;
    event.preventDefault();
    sessionStorage.setItem("souk.reloaded", String(Date.now()));
    window.location.reload();
  });
}
