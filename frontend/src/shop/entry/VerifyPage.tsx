import { useMutation } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { Link, useSearchParams } from "react-router";
import { api, ask } from "@/api/client";
import { errorText } from "@/lib/errorText";
import { Button } from "@/ui/Button";
import { Notice } from "@/ui/Notice";
import { Entry } from "./Entry";

/** Proves an address. It takes a press: programs that look at links in mails must not use the token up. */
export function Component() {
  const { t } = useTranslation("shop");
  const [params] = useSearchParams();
  const token = params.get("token") ?? "";
  const verify = useMutation({ mutationFn: () => ask(api.POST("/api/users/verify-email", { body: { token } })) });
  return (
    <Entry title={t("entry.verifyTitle")} text={verify.isIdle ? t("entry.verifyText") : undefined}>
      {verify.isSuccess ? (
        <Notice tone="true" title={t("entry.verified")} live>
          <Link to="/">{t("cart.lookAround")}</Link>
        </Notice>
      ) : verify.isError || !token ? (
        <Notice tone="care" title={token ? errorText(verify.error, t) : t("entry.linkOver")} live>
          <Link to="/account">{t("entry.verifyAgain")}</Link>
        </Notice>
      ) : (
        <Button look="primary" size="l" wide pending={verify.isPending} onClick={() => verify.mutate()}>
          {t("entry.verify")}
        </Button>
      )}
    </Entry>
  );
}
