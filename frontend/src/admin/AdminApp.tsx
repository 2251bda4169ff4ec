// The back office: a chunk of its own, loaded with /admin. Its routes are below that path.
import { useTranslation } from "react-i18next";
import { loadAdminWords } from "@/i18n";
import { usePageTitle } from "@/lib/usePageTitle";

/** Runs before the back office is shown. */
export async function loader(): Promise<null> {
  await loadAdminWords();
  return null;
}

export function Component() {
  const { t } = useTranslation("admin");
  usePageTitle(t("title"));
  return (
    <main id="main">
      <h1>{t("title")}</h1>
      <p>{t("soon")}</p>
    </main>
  );
}
