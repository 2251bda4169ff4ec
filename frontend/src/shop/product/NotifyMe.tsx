import { useMutation } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { Link, useLocation } from "react-router";
import { api, ask } from "@/api/client";
import { useAccount } from "@/auth/hooks";
import { errorText } from "@/lib/errorText";
import { Button } from "@/ui/Button";
import { Notice } from "@/ui/Notice";
import { toast } from "@/ui/Toast";

/** Asks for a mail, once, when something that is sold out is there again. Mails go to accounts alone. */
export function NotifyMe({ sku }: { sku: string }) {
  const { t } = useTranslation("shop");
  const account = useAccount();
  const { pathname, search } = useLocation();
  const wish = useMutation({
    mutationFn: () => ask(api.POST("/api/inventory/stock/{sku}/notify-me", { params: { path: { sku } } })),
    onError: (error) => toast(errorText(error, t), "care"),
  });
  if (wish.isSuccess) return <Notice tone="true" title={t("product.willTell")} live />;
  if (!account) {
    return (
      <p>
        <Link to={`/sign-in?next=${encodeURIComponent(pathname + search)}`}>{t("product.tellSignIn")}</Link>
      </p>
    );
  }
  return (
    <div>
      <Button pending={wish.isPending} onClick={() => wish.mutate()}>
        {t("product.tell")}
      </Button>
    </div>
  );
}
