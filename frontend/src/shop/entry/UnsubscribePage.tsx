import { useMutation } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { useSearchParams } from "react-router";
import { api, ask } from "@/api/client";
import { errorText } from "@/lib/errorText";
import { Button } from "@/ui/Button";
import { Notice } from "@/ui/Notice";
import { Entry } from "./Entry";

export function Component() {
  const { t } = useTranslation("shop");
  const [params] = useSearchParams();
  const token = params.get("token") ?? "";
  const end = useMutation({ mutationFn: () => ask(api.POST("/api/notifications/unsubscribe", { body: { token } })) });
  return (
    <Entry title={t("entry.unsubscribeTitle")} text={end.isSuccess ? undefined : t("entry.unsubscribeText")}>
      {end.isSuccess ? (
        <Notice tone="true" title={t("entry.unsubscribed")} live />
      ) : (
        <>
          {end.isError && <Notice tone="care" title={errorText(end.error, t)} live />}
          <Button look="primary" size="l" wide pending={end.isPending} onClick={() => end.mutate()}>
            {t("entry.unsubscribe")}
          </Button>
        </>
      )}
    </Entry>
  );
}
