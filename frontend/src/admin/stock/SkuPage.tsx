import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { Link, useParams } from "react-router";
import { isProblem } from "@/api/problem";
import { useFormat } from "@/i18n/format";
import { cell } from "@/ui/Table";
import { CardTable } from "../ui/CardTable";
import { locationsQuery, skuQuery } from "../data";
import { Loading, NotThere } from "../frame/States";
import { AskButton } from "../ui/Ask";
import { Badge } from "../ui/Badge";
import { Failed } from "../ui/Failed";
import { Card, Columns, Figure, Figures, Page, Stack } from "../ui/Page";
import { ExpectedForm } from "./ExpectedForm";
import { Ledger } from "./Ledger";
import { AdjustDialog, ReceiveDialog, TransferDialog } from "./MoveDialogs";
import { nameOf } from "./SkuName";
import { ThresholdForm } from "./ThresholdForm";

/** Where the pieces of a SKU are, how they got there, and what can be done with them. */
export default function SkuPage() {
  const { t } = useTranslation("admin");
  const { number } = useFormat();
  const { sku = "" } = useParams();
  const query = useQuery(skuQuery(sku));
  const { data: places = [] } = useQuery(locationsQuery);
  const stock = query.data;
  if (isProblem(query.error) && query.error.status === 404) return <NotThere />;
  if (query.isError && !stock) return <Failed query={query} />;
  if (!stock) return <Loading />;
  const sum = (what: "reserved" | "committed" | "received") =>
    stock.locations.reduce((total, location) => total + location[what], 0);
  return (
    <Page
      title={nameOf(stock)}
      isCode={!stock.title}
      lead={
        stock.title ? (
          <>
            {stock.sku}
            {stock.slug && (
              <>
                {" · "}
                <Link to={`/admin/products/${stock.slug}`}>{t("stock.toProduct")}</Link>
              </>
            )}
          </>
        ) : undefined
      }
      beside={
        stock.available === 0 ? (
          <Badge tone="care">{t("stock.out")}</Badge>
        ) : (
          stock.available <= stock.threshold && <Badge tone="wait">{t("stock.low")}</Badge>
        )
      }
      back={{ to: "/admin/stock", words: t("nav.stock") }}
      actions={
        <>
          <AskButton label={t("stock.adjust")} ask={(close) => <AdjustDialog stock={stock} onClose={close} />} />
          {places.length > 1 && (
            <AskButton label={t("stock.transfer")} ask={(close) => <TransferDialog stock={stock} onClose={close} />} />
          )}
          <AskButton
            label={t("stock.receive")}
            look="primary"
            ask={(close) => <ReceiveDialog stock={stock} onClose={close} />}
          />
        </>
      }
    >
      <Figures>
        <Figure name={t("stock.available")} value={number(stock.available)} note={t("stock.availableNote")} />
        <Figure name={t("stock.reserved")} value={number(sum("reserved"))} note={t("stock.reservedNote")} />
        <Figure name={t("stock.committed")} value={number(sum("committed"))} note={t("stock.committedNote")} />
        <Figure name={t("stock.received")} value={number(sum("received"))} note={t("stock.receivedNote")} />
      </Figures>
      <Columns>
        <Card title={t("stock.byLocation")}>
          <CardTable caption={t("stock.byLocation")}>
            <thead>
              <tr>
                <th scope="col">{t("stock.location")}</th>
                <th scope="col" className={cell.number}>
                  {t("stock.available")}
                </th>
                <th scope="col" className={cell.number}>
                  {t("stock.reserved")}
                </th>
                <th scope="col" className={cell.number}>
                  {t("stock.committed")}
                </th>
              </tr>
            </thead>
            <tbody>
              {stock.locations.map((location) => (
                <tr key={location.location}>
                  <td>
                    {location.name} {!location.active && <Badge tone="plain">{t("stock.closed")}</Badge>}
                  </td>
                  <td className={cell.number}>{number(location.available)}</td>
                  <td className={cell.number}>{number(location.reserved)}</td>
                  <td className={cell.number}>{number(location.committed)}</td>
                </tr>
              ))}
            </tbody>
          </CardTable>
        </Card>
        <Stack>
          <ExpectedForm key={stock.expected_on} stock={stock} />
          <ThresholdForm key={stock.threshold} stock={stock} />
        </Stack>
      </Columns>
      <Ledger stock={stock} />
    </Page>
  );
}
