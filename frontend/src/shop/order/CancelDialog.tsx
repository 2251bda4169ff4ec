import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { api, ask, type Schema } from "@/api/client";
import { errorText } from "@/lib/errorText";
import { orderQuery } from "@/shop/data";
import { Button } from "@/ui/Button";
import Dialog from "@/ui/Dialog";
import { Notice } from "@/ui/Notice";
import css from "./CancelDialog.module.css";

/** Asks before an order is called off: it cannot be called on again. */
export default function CancelDialog({ order, onClose }: { order: Schema["orders"]["Order"]; onClose: () => void }) {
  const { t } = useTranslation("shop");
  const client = useQueryClient();
  const { queryKey } = orderQuery(order.id);
  const cancel = useMutation({
    mutationFn: () => ask(api.POST("/api/orders/{id}/cancel", { params: { path: { id: order.id } } })),
    onSuccess: (now) => {
      client.setQueryData(queryKey, now);
      onClose();
    },
    onError: () => void client.invalidateQueries({ queryKey }),
  });
  return (
    <Dialog open role="alertdialog" onClose={onClose} title={t("order.cancelTitle")}>
      <div className={css.words}>
        <p>{t("order.cancelText")}</p>
        {cancel.isError && <Notice tone="care" title={errorText(cancel.error, t)} live />}
        <p className={css.ways}>
          <Button look="danger" pending={cancel.isPending} onClick={() => cancel.mutate()}>
            {t("order.cancelDo")}
          </Button>
          <Button onClick={onClose}>{t("order.keepIt")}</Button>
        </p>
      </div>
    </Dialog>
  );
}
