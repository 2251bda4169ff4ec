import { useQueryClient } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { api, ask } from "@/api/client";
import { toast } from "@/ui/Toast";
import { Ask } from "../ui/Ask";
import type { Promotion } from "./benefit";

/** For a code that no order uses. The service refuses when one was faster. */
export function DeletePromotion({ promotion, onClose }: { promotion: Promotion; onClose: () => void }) {
  const { t } = useTranslation("admin");
  const client = useQueryClient();
  const { code } = promotion;
  const act = async () => {
    await ask(api.DELETE("/api/orders/promotions/{code}", { params: { path: { code } } }));
    await client.invalidateQueries({ queryKey: ["admin", "promotions"] });
    toast(t("promotions.deleted", { code }));
  };
  return (
    <Ask title={t("promotions.delete", { code })} act={t("promotions.deleteNow")} danger onAct={act} onClose={onClose}>
      <p>{t("promotions.deleteText")}</p>
    </Ask>
  );
}
