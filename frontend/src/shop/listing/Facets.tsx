import { useState, type ReactNode } from "react";
import { useTranslation } from "react-i18next";
import type { Schema } from "@/api/client";
import { useFormat } from "@/i18n/format";
import { useGoods } from "@/i18n/goods";
import { Button } from "@/ui/Button";
import { classes } from "@/ui/classes";
import css from "./Facets.module.css";
import { countChoices, useFilters } from "./filters";

type Facets = Schema["catalog"]["Facets"];

/** What a list can be narrowed to, with how much would be left. */
export function FacetList({ facets, currency }: { facets: Facets; currency: string }) {
  const { t } = useTranslation("shop");
  const { money } = useFormat();
  const goods = useGoods();
  const { filters, toggle, set, clear } = useFilters();
  const price = (minor: number) => money({ amount_minor: minor, currency });
  const span = ({ min, max }: { min: number; max?: number | null | undefined }) =>
    max == null
      ? t("listing.from", { price: price(min) })
      : min === 0
        ? t("listing.upTo", { price: price(max) })
        : `${price(min)} – ${price(max)}`;
  return (
    <div className={css.facets}>
      <label className={css.toggle}>
        <Tick checked={filters.in_stock ?? false} onChange={(now) => set({ in_stock: now ? "true" : undefined })} />
        <span>{t("listing.inStock")}</span>
        <span className={css.count}>{facets.in_stock}</span>
      </label>
      <Group name={t("listing.price")}>
        {facets.prices.map(({ min, max, products }) => {
          const chosen = filters.min_price === min && filters.max_price === (max ?? undefined);
          return (
            <Choice
              key={min}
              label={span({ min, max })}
              count={products}
              checked={chosen}
              onChange={() =>
                set(
                  chosen
                    ? { min_price: undefined, max_price: undefined }
                    : { min_price: String(min), max_price: max == null ? undefined : String(max) },
                )
              }
            />
          );
        })}
      </Group>
      {facets.options.slice(0, 4).map(({ name, values }) => (
        <Group key={name} name={goods(name)}>
          {values.map(({ value, products }) => {
            const option = `${name}:${value}`;
            return (
              <Choice
                key={value}
                label={goods(value)}
                count={products}
                checked={filters.option?.includes(option) ?? false}
                onChange={() => toggle("option", option)}
              />
            );
          })}
        </Group>
      ))}
      <Group name={t("listing.vendor")}>
        {facets.vendors.map(({ value, products }) => (
          <Choice
            key={value}
            label={value}
            count={products}
            checked={filters.vendor?.includes(value) ?? false}
            onChange={() => toggle("vendor", value)}
          />
        ))}
      </Group>
      <Group name={t("listing.tag")}>
        {facets.tags.map(({ value, products }) => (
          <Choice
            key={value}
            label={goods(value)}
            count={products}
            checked={filters.tag?.includes(value) ?? false}
            onChange={() => toggle("tag", value)}
          />
        ))}
      </Group>
      {countChoices(filters) > 0 && (
        <Button size="s" onClick={clear}>
          {t("listing.clear")}
        </Button>
      )}
    </div>
  );
}

const FIRST = 6;

function Group({ name, children }: { name: string; children: ReactNode[] }) {
  const { t } = useTranslation("shop");
  if (children.length === 0) return null;
  return (
    <fieldset className={css.group}>
      <legend>{name}</legend>
      {children.slice(0, FIRST)}
      {children.length > FIRST && (
        <details className={css.rest}>
          <summary>{t("listing.moreOf", { count: children.length - FIRST })}</summary>
          {children.slice(FIRST)}
        </details>
      )}
    </fieldset>
  );
}

function Choice({
  label,
  count,
  checked,
  onChange,
}: {
  label: string;
  count: number;
  checked: boolean;
  onChange: () => void;
}) {
  return (
    <label className={classes(css.choice, count === 0 && !checked && css.none)}>
      <Tick checked={checked} onChange={onChange} />
      <span>{label}</span>
      <span className={css.count}>{count}</span>
    </label>
  );
}

/** A box that shows its tick at once: the address decides, and follows a moment later. */
function Tick({ checked, onChange }: { checked: boolean; onChange: (now: boolean) => void }) {
  const [pressed, setPressed] = useState<boolean>();
  if (pressed === checked) setPressed(undefined);
  return (
    <input
      type="checkbox"
      checked={pressed ?? checked}
      onChange={({ target }) => {
        setPressed(target.checked);
        onChange(target.checked);
      }}
    />
  );
}
