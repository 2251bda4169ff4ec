import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import type { Schema } from "@/api/client";
import { Skeleton } from "@/ui/Skeleton";
import { useCan } from "../can";
import { ordererQuery } from "../data";
import { Card, Facts } from "../ui/Page";
import css from "./Orders.module.css";

/** Who bought, where it goes, and what was written to them. */
export function CustomerCard({ order }: { order: Schema["orders"]["Order"] }) {
  const { t, i18n } = useTranslation("admin");
  const can = useCan();
  const { data: whose, isPending } = useQuery(ordererQuery(order.number));
  const address = order.shipping_address;
  return (
    <Card title={t("orders.customer")}>
      {isPending && <Skeleton height="3rem" />}
      {whose && (
        <Facts
          of={[
            [t("orders.name"), whose.name],
            [t("orders.email"), <a href={`mailto:${whose.email}`}>{whose.email}</a>],
          ]}
        />
      )}
      {address && (
        <address className={css.address}>
          {address.name}
          <br />
          {address.line1}
          <br />
          {address.line2 && (
            <>
              {address.line2}
              <br />
            </>
          )}
          {address.postal_code} {address.city}
          <br />
          {address.region && `${address.region}, `}
          {country(address.country, i18n.language)}
        </address>
      )}
      <p className={css.buttons}>
        {whose && (
          <Link to={`/admin/orders?${new URLSearchParams({ q: whose.email })}`} className={css.quiet}>
            {t("orders.otherOrders")}
          </Link>
        )}
        {can("messages") && (
          <Link to={`/admin/messages?order_id=${order.id}`} className={css.quiet}>
            {t("orders.itsMessages")}
          </Link>
        )}
      </p>
    </Card>
  );
}

function country(code: string, language: string): string {
  try {
    return new Intl.DisplayNames([language], { type: "region" }).of(code) ?? code;
  } catch {
    return code;
  }
}
