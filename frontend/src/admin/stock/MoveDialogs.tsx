import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import type { Schema } from "@/api/client";
import { Field, Select } from "@/ui/Field";
import { toast } from "@/ui/Toast";
import { locationsQuery } from "../data";
import { Ask } from "../ui/Ask";
import { useStockActions } from "./useStockActions";

type Stock = Schema["inventory"]["StockByLocation"];
interface Props {
  stock: Stock;
  onClose: () => void;
}

const MOST = 1_000_000;
const text = (form: FormData, name: string) => String(form.get(name) ?? "").trim();

/** Goods that came in. */
export function ReceiveDialog({ stock, onClose }: Props) {
  const { t } = useTranslation("admin");
  const { receive } = useStockActions(stock.sku);
  const act = async (form: FormData) => {
    const quantity = Number(form.get("quantity"));
    await receive({ quantity, location: text(form, "location") || undefined, reason: text(form, "reason") });
    toast(t("stock.receiveDone", { count: quantity }));
  };
  return (
    <Ask title={t("stock.receiveTitle", { sku: stock.sku })} act={t("stock.receive")} onAct={act} onClose={onClose}>
      <Field label={t("stock.pieces")} name="quantity" type="number" min={1} max={MOST} required />
      <Locations name="location" label={t("stock.location")} />
      <Field label={t("common.reason")} hint={t("stock.receiveHint")} name="reason" maxLength={200} required />
    </Ask>
  );
}

/** What was counted differs from what is written. */
export function AdjustDialog({ stock, onClose }: Props) {
  const { t } = useTranslation("admin");
  const { adjust } = useStockActions(stock.sku);
  const act = async (form: FormData) => {
    const delta = Number(form.get("delta"));
    await adjust({ delta, location: text(form, "location") || undefined, reason: text(form, "reason") });
    toast(t("stock.adjustDone"));
  };
  return (
    <Ask title={t("stock.adjustTitle", { sku: stock.sku })} act={t("stock.adjust")} onAct={act} onClose={onClose}>
      <Field
        label={t("stock.delta")}
        hint={t("stock.deltaHint")}
        name="delta"
        type="number"
        min={-MOST}
        max={MOST}
        required
      />
      <Locations name="location" label={t("stock.location")} first={fullest(stock)} />
      <Field label={t("common.reason")} hint={t("stock.adjustHint")} name="reason" maxLength={200} required />
    </Ask>
  );
}

/** From one place to another. */
export function TransferDialog({ stock, onClose }: Props) {
  const { t } = useTranslation("admin");
  const { transfer } = useStockActions(stock.sku);
  const act = async (form: FormData) => {
    const quantity = Number(form.get("quantity"));
    await transfer({ quantity, from: text(form, "from"), to: text(form, "to"), reason: text(form, "reason") });
    toast(t("stock.transferDone", { count: quantity }));
  };
  return (
    <Ask title={t("stock.transferTitle", { sku: stock.sku })} act={t("stock.transfer")} onAct={act} onClose={onClose}>
      <Field label={t("stock.pieces")} name="quantity" type="number" min={1} max={MOST} required />
      <Locations name="from" label={t("stock.from")} first={fullest(stock)} />
      <Locations name="to" label={t("stock.to")} not={fullest(stock)} />
      <Field label={t("common.reason")} hint={t("stock.transferHint")} name="reason" maxLength={200} required />
    </Ask>
  );
}

interface LocationsProps {
  name: string;
  label: string;
  /** The one that is chosen until somebody chooses another; the first that serves orders, when left out. */
  first?: string;
  /** Not chosen until somebody chooses it. */
  not?: string;
}

function Locations({ name, label, first, not }: LocationsProps) {
  const { data: locations = [] } = useQuery(locationsQuery);
  const likely = first ?? locations.find((location) => location.active && location.code !== not)?.code;
  return (
    <Select key={locations.length} label={label} name={name} defaultValue={likely} required>
      {locations.map((location) => (
        <option key={location.code} value={location.code}>
          {location.name}
        </option>
      ))}
    </Select>
  );
}

/** Where most pieces are. */
function fullest(stock: Stock): string | undefined {
  return stock.locations.toSorted((a, b) => b.available - a.available)[0]?.location;
}
