import { useTranslation } from "react-i18next";
import { Bar, BarChart, CartesianGrid, ResponsiveContainer, Tooltip, XAxis, YAxis } from "recharts";
import { currentTag, useFormat } from "@/i18n/format";
import { digitsOf } from "../ui/amount";
import css from "./Dashboard.module.css";
import type { Point } from "./SalesCard";

interface Props {
  points: Point[];
  amount: (net: number) => string;
  currency: string;
}

const quiet = { fill: "var(--ink-soft)" };

/** For the eye; the table beside it says the same to everybody. */
export default function SalesChart({ points, amount, currency }: Props) {
  const { t } = useTranslation("admin");
  const short = new Intl.NumberFormat(currentTag(), {
    style: "currency",
    currency,
    notation: "compact",
    maximumFractionDigits: 1,
  });
  const tick = (net: number) => short.format(net / 10 ** digitsOf(currency));
  const total = points.reduce((sum, point) => sum + point.net, 0);
  const best = points.reduce(
    (a, b) => (b.net > a.net ? b : a),
    points[0] ?? { label: "", net: 0, orders: 0, units: 0 },
  );
  const words = t("dashboard.chartSays", { total: amount(total), best: best.label, most: amount(best.net) });
  return (
    <div role="img" aria-label={words} className={css.plot}>
      <ResponsiveContainer width="100%" height="100%" initialDimension={{ width: 600, height: 280 }}>
        <BarChart data={points} accessibilityLayer={false} margin={{ top: 8, right: 4, bottom: 0, left: 4 }}>
          <CartesianGrid vertical={false} stroke="var(--line)" />
          <XAxis
            dataKey="label"
            tick={quiet}
            tickLine={false}
            axisLine={{ stroke: "var(--line-strong)" }}
            minTickGap={24}
          />
          <YAxis tick={quiet} tickLine={false} axisLine={false} width={64} tickFormatter={tick} tickCount={5} />
          <Tooltip
            cursor={{ fill: "var(--sunk)" }}
            isAnimationActive={false}
            content={({ active, payload }) => {
              const point = active ? (payload[0]?.payload as Point | undefined) : undefined;
              return point ? <Bubble point={point} amount={amount} /> : null;
            }}
          />
          <Bar dataKey="net" fill="var(--teal)" radius={[4, 4, 0, 0]} maxBarSize={48} isAnimationActive={false} />
        </BarChart>
      </ResponsiveContainer>
    </div>
  );
}

function Bubble({ point, amount }: { point: Point; amount: (net: number) => string }) {
  const { t } = useTranslation("admin");
  const { number } = useFormat();
  return (
    <div className={css.bubble}>
      <p>{point.label}</p>
      <p className={css.bubbleValue}>{amount(point.net)}</p>
      <p>{t("dashboard.orderCount", { count: point.orders, number: number(point.orders) })}</p>
      <p>{t("dashboard.unitCount", { count: point.units, number: number(point.units) })}</p>
    </div>
  );
}
