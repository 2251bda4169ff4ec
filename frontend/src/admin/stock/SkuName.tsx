import { Link } from "react-router";
import type { Schema } from "@/api/client";
import css from "./Stock.module.css";

type Named = Pick<Schema["inventory"]["LowStock"], "sku" | "title" | "variant">;

/** What a SKU is called: its product and variant, if the catalogue has said; the SKU itself otherwise. */
export function nameOf({ sku, title, variant }: Named): string {
  return [title ?? sku, variant].filter(Boolean).join(", ");
}

/** A SKU in a list: its name leads to it, and the SKU is below. */
export function SkuName({ item }: { item: Named }) {
  return (
    <span className={css.named}>
      <Link to={`/admin/stock/sku/${encodeURIComponent(item.sku)}`} className={css.sku}>
        {nameOf(item)}
      </Link>
      {item.title && <span className={css.code}>{item.sku}</span>}
    </span>
  );
}
