import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { api, ask, type Schema } from "@/api/client";
import { errorText } from "@/lib/errorText";
import { orderQuery } from "@/shop/data";
import { Button } from "@/ui/Button";
import Dialog from "@/ui/Dialog";
import { Select, TextArea } from "@/ui/Field";
import { Notice } from "@/ui/Notice";
import { toast } from "@/ui/Toast";
import { returnable } from "./returnable";
import css from "./ReturnDialog.module.css";

/** Asks to send pieces back. */
export default function ReturnDialog({ order, onClose }: { order: Schema["orders"]["Order"]; onClose: () => void }) {
  const { t } = useTranslation("shop");
  const client = useQueryClient();
  const [counts, setCounts] = useState<Record<string, number>>({});
  const [reason, setReason] = useState("");
  const [tried, setTried] = useState(false);
  const lines = Object.entries(counts)
    .filter(([, quantity]) => quantity > 0)
    .map(([sku, quantity]) => ({ sku, quantity }));
  const send = useMutation({
    mutationFn: () =>
      ask(
        api.POST("/api/orders/{id}/return", {
          params: { path: { id: order.id } },
          body: { lines, reason: reason.trim() },
        }),
      ),
    onSuccess: (now) => {
      client.setQueryData(orderQuery(order.id).queryKey, now);
      toast(t("order.returnAsked"));
      onClose();
    },
  });
  const ready = lines.length > 0 && reason.trim().length > 0;
  return (
    <Dialog
      open
      onClose={onClose}
      title={t("order.return")}
      foot={
        <Button
          look="primary"
          wide
          pending={send.isPending}
          onClick={() => {
            setTried(true);
            if (ready) send.mutate();
          }}
        >
          {t("order.sendReturn")}
        </Button>
      }
    >
      <div className={css.form}>
        {returnable(order).map((item) => (
          <Select
            key={item.sku}
            label={item.title}
            value={counts[item.sku] ?? 0}
            onChange={(event) => setCounts({ ...counts, [item.sku]: Number(event.target.value) })}
          >
            {Array.from({ length: item.quantity + 1 }, (_, count) => (
              <option key={count} value={count}>
                {count === 0 ? t("order.keepPieces") : t("order.sendBack", { count })}
              </option>
            ))}
          </Select>
        ))}
        <TextArea
          label={t("order.reason")}
          maxLength={200}
          value={reason}
          error={tried && !reason.trim() ? t("form.needed") : undefined}
          onChange={(event) => setReason(event.target.value)}
        />
        {tried && lines.length === 0 && <Notice tone="care" title={t("order.choosePieces")} live />}
        {send.isError && <Notice tone="care" title={errorText(send.error, t)} live />}
      </div>
    </Dialog>
  );
}
