import { useTranslation } from "react-i18next";
import { Button } from "@/ui/Button";
import { Notice } from "@/ui/Notice";
import { useErrorText } from "./useErrorText";

/** Stands in place of what could not be loaded. */
export function Failed({ query }: { query: { error: unknown; refetch: () => unknown } }) {
  const { t } = useTranslation("admin");
  const say = useErrorText();
  return (
    <Notice tone="care" title={t("common.notLoaded")} live>
      <p>{say(query.error)}</p>
      <Button size="s" onClick={() => void query.refetch()}>
        {t("common.tryAgain")}
      </Button>
    </Notice>
  );
}
