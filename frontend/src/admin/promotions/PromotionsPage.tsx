import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { useFormat, type Format } from "@/i18n/format";
import { promotionsQuery } from "../data";
import { DataTable, type Column } from "../lists/DataTable";
import { useListParams } from "../lists/useListParams";
import { AskButton } from "../ui/Ask";
import { Badge } from "../ui/Badge";
import { Page } from "../ui/Page";
import { stateOf, type Benefit, type Promotion } from "./benefit";
import { ChangePromotion } from "./ChangePromotion";
import { DeletePromotion } from "./DeletePromotion";
import { NewPromotion } from "./NewPromotion";
import css from "./Promotions.module.css";

const tones = { running: "true", later: "wait", off: "plain", over: "plain", used: "plain" } as const;

export default function PromotionsPage() {
  const { t } = useTranslation("admin");
  const format = useFormat();
  const gives = useGives(format);
  const list = useListParams([] as const);
  const promotions = useQuery(promotionsQuery(list.cursor));
  const now = new Date();
  const columns: Column<Promotion>[] = [
    {
      head: t("promotions.code"),
      lead: true,
      cell: (one) => (
        <span className={css.code}>
          <strong>{one.code}</strong>
          <span className={css.quiet}>{one.label}</span>
        </span>
      ),
    },
    { head: t("promotions.gives"), cell: (one) => gives(one.benefit) },
    {
      head: t("common.status"),
      cell: (one) => {
        const state = stateOf(one, now);
        return <Badge tone={tones[state]}>{t(`promotions.states.${state}`)}</Badge>;
      },
    },
    {
      head: t("promotions.used"),
      number: true,
      cell: (one) =>
        one.max_uses == null
          ? format.number(one.used)
          : t("promotions.usedOf", { used: format.number(one.used), most: format.number(one.max_uses) }),
    },
    {
      head: t("promotions.time"),
      cell: (one) => (
        <span className={css.quiet}>
          {one.valid_from && t("promotions.from", { when: format.dateTime(one.valid_from) })}{" "}
          {one.valid_until && t("promotions.until", { when: format.dateTime(one.valid_until) })}
          {!one.valid_from && !one.valid_until && t("promotions.always")}
        </span>
      ),
    },
    {
      head: t("common.change"),
      bare: true,
      cell: (one) => (
        <span className={css.ways}>
          <AskButton
            label={t("promotions.change", { code: one.code })}
            size="s"
            ask={(close) => <ChangePromotion promotion={one} onClose={close} />}
          />
          {one.used === 0 && (
            <AskButton
              label={t("promotions.delete", { code: one.code })}
              look="quiet"
              size="s"
              ask={(close) => <DeletePromotion promotion={one} onClose={close} />}
            />
          )}
        </span>
      ),
    },
  ];
  return (
    <Page
      title={t("nav.promotions")}
      actions={
        <AskButton label={t("promotions.new")} look="primary" ask={(close) => <NewPromotion onClose={close} />} />
      }
    >
      <DataTable
        caption={t("nav.promotions")}
        columns={columns}
        query={promotions}
        rows={promotions.data?.items}
        rowKey={(one) => one.code}
        empty={t("promotions.none")}
        pages={{ list, nextCursor: promotions.data?.next_cursor }}
      />
    </Page>
  );
}

function useGives({ money, percent }: Format): (benefit: Benefit) => string {
  const { t } = useTranslation("admin");
  return (benefit) => {
    switch (benefit.kind) {
      case "percentage":
        return t("promotions.givesPercent", { percent: percent(benefit.basis_points / 10_000) });
      case "fixed_amount":
        return t("promotions.givesAmount", { amount: money(benefit.amount) });
      case "buy_x_get_y":
        return t("promotions.givesPieces", { buy: benefit.buy, get: benefit.get });
      case "free_shipping":
        return t("promotions.kinds.free_shipping");
    }
  };
}
