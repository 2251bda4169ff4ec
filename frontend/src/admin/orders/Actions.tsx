import { useMutation } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import type { Schema } from "@/api/client";
import { Button } from "@/ui/Button";
import { toast } from "@/ui/Toast";
import { useCan } from "../can";
import { Ask, AskButton } from "../ui/Ask";
import { useErrorText } from "../ui/useErrorText";
import { RefundDialog } from "./RefundDialog";
import { useOrderActions } from "./useOrderActions";
import { leftToRefund } from "./worth";

type Order = Schema["orders"]["Order"];

/** What can be done next, by whoever looks. */
export function Actions({ order }: { order: Order }) {
  const { t } = useTranslation("admin");
  const can = useCan();
  const actions = useOrderActions(order.id);
  const left = leftToRefund(order);
  // All of what was not sent yet is cancelled rather than refunded.
  const refundable = ["confirmed", "shipped", "delivered", "returned"].includes(order.status) && left > 0;
  return (
    <>
      {can("cancel") && order.cancellable && (
        <AskButton
          label={t("orders.cancel")}
          look="danger"
          ask={(close) => (
            <Ask title={t("orders.cancelTitle")} act={t("orders.cancel")} danger onAct={actions.cancel} onClose={close}>
              <p>{t("orders.cancelText")}</p>
            </Ask>
          )}
        />
      )}
      {can("refund") && refundable && (
        <AskButton
          label={t("orders.refund")}
          ask={(close) => <RefundDialog order={order} left={left} onClose={close} />}
        />
      )}
      {can("ship") && order.status === "confirmed" && (
        <Step act={actions.ship} words={t("orders.ship")} done={t("orders.shipDone")} />
      )}
      {can("ship") && order.status === "shipped" && (
        <Step act={actions.deliver} words={t("orders.deliver")} done={t("orders.deliverDone")} />
      )}
    </>
  );
}

function Step({ act, words, done }: { act: () => Promise<void>; words: string; done: string }) {
  const say = useErrorText();
  const step = useMutation({
    mutationFn: act,
    onSuccess: () => toast(done),
    onError: (error) => toast(say(error), "care"),
  });
  return (
    <Button look="primary" pending={step.isPending} onClick={() => step.mutate()}>
      {words}
    </Button>
  );
}
