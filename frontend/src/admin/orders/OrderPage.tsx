import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { useParams } from "react-router";
import { isProblem } from "@/api/problem";
import { useFormat } from "@/i18n/format";
import { Notice } from "@/ui/Notice";
import { orderQuery } from "../data";
import { Loading, NotThere } from "../frame/States";
import { Badge } from "../ui/Badge";
import { Failed } from "../ui/Failed";
import { Columns, Page, Stack } from "../ui/Page";
import { useCode } from "../ui/useCode";
import { Actions } from "./Actions";
import { CustomerCard } from "./CustomerCard";
import { Lines } from "./Lines";
import { PaymentCard } from "./PaymentCard";
import { Refunds } from "./Refunds";
import { Returns } from "./Returns";
import { tones } from "./status";
import { Timeline } from "./Timeline";

/** States in which something is on its way, so that one looks again by itself. */
const MOVING = ["placed", "reserved"];

export default function OrderPage() {
  const { t } = useTranslation("admin");
  const { dateTime } = useFormat();
  const say = useCode();
  const { id = "" } = useParams();
  const query = useQuery({
    ...orderQuery(id),
    refetchInterval: ({ state: { data } }) => {
      const moving = data && (MOVING.includes(data.status) || data.refunds.some((one) => one.status === "requested"));
      return moving ? 2_000 : false;
    },
  });
  const order = query.data;
  if (isProblem(query.error) && query.error.status === 404) return <NotThere />;
  if (query.isError && !order) return <Failed query={query} />;
  if (!order) return <Loading />;
  return (
    <Page
      title={order.number}
      isCode
      beside={<Badge tone={tones[order.status]}>{t(`orders.statuses.${order.status}`)}</Badge>}
      lead={t("orders.placedAt", { when: dateTime(order.placed_at) })}
      back={{ to: "/admin/orders", words: t("nav.orders") }}
      actions={<Actions order={order} />}
    >
      {order.reason && (
        <Notice tone="care" title={say(order.reason)}>
          {/* What the bank said is told by the payment, in the language of the page. */}
          {order.detail && order.reason !== "payment_declined" && <p>{order.detail}</p>}
        </Notice>
      )}
      <Columns>
        <Stack>
          {order.returns.length > 0 && <Returns order={order} />}
          <Lines order={order} />
          {order.refunds.length > 0 && <Refunds order={order} />}
          <PaymentCard order={order} />
        </Stack>
        <Stack>
          <CustomerCard order={order} />
          <Timeline order={order} />
        </Stack>
      </Columns>
    </Page>
  );
}
