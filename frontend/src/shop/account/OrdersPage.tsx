import { useInfiniteQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import { useFormat } from "@/i18n/format";
import { errorText } from "@/lib/errorText";
import { usePageTitle } from "@/lib/usePageTitle";
import { ordersQuery } from "@/shop/data";
import { Button, ButtonLink } from "@/ui/Button";
import { classes } from "@/ui/classes";
import { Money } from "@/ui/Money";
import { Notice } from "@/ui/Notice";
import { Skeleton } from "@/ui/Skeleton";
import css from "./Account.module.css";

const ENDED = ["rejected", "cancelled", "refunded", "returned"];

export function Component() {
  const { t } = useTranslation("shop");
  const { date } = useFormat();
  const query = useInfiniteQuery(ordersQuery);
  const orders = query.data?.pages.flatMap((page) => page.items);
  usePageTitle(t("layout.orders"));
  return (
    <>
      <h1>{t("layout.orders")}</h1>
      {query.isPending && (
        <div role="status" aria-label={t("common.loading")} className={css.list}>
          <Skeleton height="5rem" />
          <Skeleton height="5rem" />
        </div>
      )}
      {query.isError && !orders && (
        <Notice tone="care" title={errorText(query.error, t)} live>
          <Button onClick={() => void query.refetch()}>{t("common.tryAgain")}</Button>
        </Notice>
      )}
      {orders?.length === 0 && (
        <Notice title={t("account.noOrders")}>
          <ButtonLink look="primary" to="/">
            {t("cart.lookAround")}
          </ButtonLink>
        </Notice>
      )}
      <ul className={css.list}>
        {orders?.map((order) => (
          <li key={order.id} className={css.card}>
            <div>
              <Link to={`/orders/${order.id}`} className={classes(css.title, css.cover)}>
                {order.titles.join(", ")}
              </Link>
              <p>
                {order.number} · {date(order.placed_at)} · {t("account.pieces", { count: order.pieces })}
              </p>
            </div>
            <div className={css.row}>
              <span className={classes(css.tag, ENDED.includes(order.status) && css.care)}>
                {t(`order.status.${order.status}`)}
              </span>
              <Money of={order.total} />
            </div>
          </li>
        ))}
      </ul>
      {query.hasNextPage && (
        <div>
          <Button pending={query.isFetchingNextPage} onClick={() => void query.fetchNextPage()}>
            {t("common.more")}
          </Button>
        </div>
      )}
    </>
  );
}
