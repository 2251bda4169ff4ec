import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { lazy, Suspense, useEffect, useState, type ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { Link, useLocation, useNavigate, useParams } from "react-router";
import { api, ask, type Schema } from "@/api/client";
import { isProblem } from "@/api/problem";
import { useAccount, useSession } from "@/auth/hooks";
import { useFormat } from "@/i18n/format";
import { useGoods } from "@/i18n/goods";
import { countryName } from "@/lib/countries";
import { errorText } from "@/lib/errorText";
import { usePageTitle } from "@/lib/usePageTitle";
import { cartChanged } from "@/shop/cart/useCart";
import { orderQuery } from "@/shop/data";
import { Button, ButtonLink } from "@/ui/Button";
import { classes } from "@/ui/classes";
import { NotFound } from "@/ui/KindError";
import { Money } from "@/ui/Money";
import { Notice } from "@/ui/Notice";
import { Skeleton } from "@/ui/Skeleton";
import { toast } from "@/ui/Toast";
import { followOrder } from "./follow";
import css from "./OrderPage.module.css";
import { returnable } from "./returnable";
import { Road } from "./Road";

type Order = Schema["orders"]["Order"];
const ReturnDialog = lazy(() => import("./ReturnDialog"));
const CancelDialog = lazy(() => import("./CancelDialog"));

/** Nothing more happens to an order that is there by itself. */
const SETTLED = ["rejected", "refunded", "returned"];

export function Component() {
  const { t } = useTranslation("shop");
  const { id = "" } = useParams();
  const session = useSession();
  const known = session.kind === "guest" || session.kind === "account";
  const query = useQuery({ ...orderQuery(id), enabled: known });
  const client = useQueryClient();
  usePageTitle(query.data ? t("order.title", { number: query.data.number }) : undefined);
  const going = query.data !== undefined && !SETTLED.includes(query.data.status);
  useEffect(() => {
    if (!going) return;
    const stop = new AbortController();
    void followOrder(id, () => void client.invalidateQueries({ queryKey: orderQuery(id).queryKey }), stop.signal);
    return () => stop.abort();
  }, [client, going, id]);

  if (session.kind === "nobody") {
    return (
      <div className={css.page}>
        <h1>{t("order.one")}</h1>
        <Notice title={t("order.signIn")}>
          <ButtonLink look="primary" to={`/sign-in?next=/orders/${id}`}>
            {t("layout.signIn")}
          </ButtonLink>
        </Notice>
      </div>
    );
  }
  if (isProblem(query.error) && [404, 400, 422].includes(query.error.status)) return <NotFound />;
  if (query.isError && !query.data) {
    return (
      <div className={css.page}>
        <Notice tone="care" title={errorText(query.error, t)} live>
          <Button onClick={() => void query.refetch()}>{t("common.tryAgain")}</Button>
        </Notice>
      </div>
    );
  }
  if (!query.data) {
    return (
      <div className={css.page} role="status" aria-label={t("common.loading")}>
        <Skeleton width="20rem" height="2.5rem" />
        <Skeleton height="8rem" />
        <Skeleton height="16rem" />
      </div>
    );
  }
  return <Shown order={query.data} />;
}

function Shown({ order }: { order: Order }) {
  const { t, i18n } = useTranslation("shop");
  const { dateTime } = useFormat();
  const goods = useGoods();
  const account = useAccount();
  const justPlaced = (useLocation().state as { placed?: boolean } | null)?.placed === true;
  return (
    <div className={css.page}>
      <header className={css.head}>
        <p className={css.above}>
          {t("order.number", { number: order.number })} · {dateTime(order.placed_at)}
        </p>
        <h1>{headline(order, justPlaced, t)}</h1>
        <Why order={order} />
      </header>
      <Road order={order} />
      <div className={css.columns}>
        <section aria-labelledby="items" className={css.card}>
          <h2 id="items">{t("order.items")}</h2>
          <ul className={css.items}>
            {order.items.map((item) => (
              <li key={item.sku}>
                <span>
                  {item.quantity} × {item.title}
                </span>
                <Money of={item.line_total} />
              </li>
            ))}
          </ul>
          <dl className={css.sums}>
            <Row name={t("cart.subtotal")} value={<Money of={order.subtotal} />} />
            {order.discounts.map(({ code, label, amount }) => (
              <Row
                key={code}
                name={`${goods(label)} (${code})`}
                value={
                  <>
                    −<Money of={amount} />
                  </>
                }
              />
            ))}
            <Row name={goods(order.shipping_label) || t("checkout.shipping")} value={<Money of={order.shipping} />} />
            <Row name={goods(order.tax_label) || t("checkout.tax")} value={<Money of={order.tax} />} />
            <Row name={t("checkout.total")} value={<Money of={order.total} />} total />
            {order.refunded.amount_minor > 0 && (
              <Row name={t("order.refunded")} value={<Money of={order.refunded} />} />
            )}
          </dl>
        </section>
        <div className={css.side}>
          {order.shipping_address && (
            <section aria-labelledby="to" className={css.card}>
              <h2 id="to">{t("order.to")}</h2>
              <address className={css.address}>
                {[
                  order.shipping_address.name,
                  order.shipping_address.line1,
                  order.shipping_address.line2,
                  `${order.shipping_address.postal_code} ${order.shipping_address.city}`,
                  countryName(order.shipping_address.country, i18n.language),
                ]
                  .filter(Boolean)
                  .map((line) => (
                    <span key={line}>{line}</span>
                  ))}
              </address>
            </section>
          )}
          <Returns order={order} />
          <Actions order={order} />
          {!account && justPlaced && (
            <Notice title={t("order.keepTitle")}>
              <p>{t("order.keepText")}</p>
              <Link to="/register">{t("order.keep")}</Link>
            </Notice>
          )}
        </div>
      </div>
    </div>
  );
}

type T = ReturnType<typeof useTranslation<"shop">>["t"];

function headline(order: Order, justPlaced: boolean, t: T): string {
  if (order.reason === "payment_declined") return t("order.head.declined");
  if (order.status === "rejected") return t("order.head.rejected");
  if ((order.status === "placed" || order.status === "reserved") && justPlaced) return t("order.head.working");
  if (order.status === "confirmed" && justPlaced) return t("order.head.thanks");
  return t(`order.status.${order.status}`);
}

/** What went wrong, and the way on. */
function Why({ order }: { order: Order }) {
  const { t } = useTranslation("shop");
  const refill = useRefill(order);
  if (order.reason === "payment_declined" || order.reason === "payment_timeout") {
    return (
      <Notice
        tone="care"
        title={t(order.reason === "payment_declined" ? "order.declined" : "order.paymentTimeout")}
        live
      >
        <p>{t("order.nothingCharged")}</p>
        <Button look="primary" pending={refill.isPending} onClick={() => refill.mutate("/checkout")}>
          {t("order.anotherCard")}
        </Button>
      </Notice>
    );
  }
  if (order.status === "rejected") {
    return (
      <Notice tone="care" title={t("order.outOfStock")} live>
        <p>{t("order.nothingCharged")}</p>
        <Button look="primary" pending={refill.isPending} onClick={() => refill.mutate("/cart")}>
          {t("order.backToCart")}
        </Button>
      </Notice>
    );
  }
  if (order.status === "cancelled" && order.reason) {
    return <Notice tone="plain" title={t("order.cancelledText")} />;
  }
  return null;
}

/** Puts what was ordered into the cart again. */
function useRefill(order: Order) {
  const { t } = useTranslation("shop");
  const client = useQueryClient();
  const navigate = useNavigate();
  return useMutation({
    mutationFn: async (to: string) => {
      const missing: string[] = [];
      for (const { sku, quantity, title } of order.items) {
        const put = api.PUT("/api/orders/cart/items/{sku}", { params: { path: { sku } }, body: { quantity } });
        // What is no longer sold stays out; the rest comes along.
        await ask(put).catch((error: unknown) => {
          if (isProblem(error, "sku-unknown")) missing.push(title);
          else throw error;
        });
      }
      return { to, missing };
    },
    onSuccess: ({ to, missing }) => {
      cartChanged(client);
      if (missing.length > 0) toast(t("order.notSoldAnyMore", { titles: missing.join(", ") }), "care");
      void navigate(to);
    },
    onError: (error) => toast(errorText(error, t), "care"),
  });
}

function Returns({ order }: { order: Order }) {
  const { t } = useTranslation("shop");
  const { money } = useFormat();
  if (order.returns.length === 0 && order.refunds.length === 0) return null;
  return (
    <section aria-labelledby="returns" className={css.card}>
      <h2 id="returns">{t("order.moneyAndReturns")}</h2>
      <ul className={css.facts}>
        {order.returns.map((one) => (
          <li key={one.id}>
            <strong>{t(`order.returnStatus.${one.status}`)}</strong>:{" "}
            {one.lines.map((line) => `${line.quantity} × ${line.title}`).join(", ")}
            {one.answer && <span className={css.answer}>{one.answer}</span>}
          </li>
        ))}
        {order.refunds.map((one) => (
          <li key={one.id}>{t(`order.refundStatus.${one.status}`, { amount: money(one.amount) })}</li>
        ))}
      </ul>
    </section>
  );
}

function Actions({ order }: { order: Order }) {
  const { t } = useTranslation("shop");
  const [returning, setReturning] = useState(false);
  const [cancelling, setCancelling] = useState(false);
  const canReturn = order.status === "delivered" && returnable(order).length > 0;
  if (!order.cancellable && !canReturn && !cancelling && !returning) return null;
  return (
    <div className={css.actions}>
      {order.cancellable && (
        <Button look="danger" onClick={() => setCancelling(true)}>
          {t("order.cancel")}
        </Button>
      )}
      {canReturn && <Button onClick={() => setReturning(true)}>{t("order.return")}</Button>}
      {cancelling && (
        <Suspense>
          <CancelDialog order={order} onClose={() => setCancelling(false)} />
        </Suspense>
      )}
      {returning && (
        <Suspense>
          <ReturnDialog order={order} onClose={() => setReturning(false)} />
        </Suspense>
      )}
    </div>
  );
}

function Row({ name, value, total }: { name: ReactNode; value: ReactNode; total?: boolean }) {
  return (
    <div className={classes(css.row, total && css.total)}>
      <dt>{name}</dt>
      <dd>{value}</dd>
    </div>
  );
}
