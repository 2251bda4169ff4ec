// A product as it is in a form, and the way from and to what the service speaks of.
import type { Schema } from "@/api/client";
import { parseAmount, writeAmount } from "../ui/amount";

export type Product = Schema["catalog"]["ProductDetail"];
export type Input = Schema["catalog"]["ProductInput"];
export type Patch = Schema["catalog"]["ProductPatch"];

export interface VariantDraft {
  sku: string;
  options: string[];
  price: string;
  compare_at: string;
  grams: string;
  barcode: string;
}

export interface Draft {
  handle: string;
  title: string;
  status: Product["status"];
  vendor: string;
  product_type: string;
  category: string;
  tags: string;
  description_html: string;
  currency: string;
  media: { url: string; alt: string }[];
  /** Names of what variants differ in. */
  options: { name: string }[];
  variants: VariantDraft[];
}

export const emptyVariant = (options: number): VariantDraft => ({
  sku: "",
  options: Array.from({ length: options }, () => ""),
  price: "",
  compare_at: "",
  grams: "",
  barcode: "",
});

export const emptyDraft: Draft = {
  handle: "",
  title: "",
  status: "draft",
  vendor: "",
  product_type: "",
  category: "",
  tags: "",
  description_html: "",
  currency: "EUR",
  media: [],
  options: [],
  variants: [emptyVariant(0)],
};

export function toDraft(product: Product): Draft {
  return {
    handle: product.slug,
    title: product.title,
    status: product.status,
    vendor: product.vendor,
    product_type: product.product_type,
    category: product.category,
    tags: product.tags.join(", "),
    description_html: product.description_html,
    currency: product.price_from.currency,
    media: product.media.map(({ url, alt }) => ({ url, alt })),
    options: product.options.map((name) => ({ name })),
    variants: product.variants.map((variant) => ({
      sku: variant.sku,
      options: [...variant.options],
      price: writeAmount(variant.price),
      compare_at: variant.compare_at ? writeAmount(variant.compare_at) : "",
      grams: String(variant.grams),
      barcode: variant.barcode ?? "",
    })),
  };
}

/** What a draft says, as the service reads it. Prices were checked by the form. */
export function toInput(draft: Draft): Input {
  const nothing = { amount_minor: 0, currency: draft.currency };
  return {
    handle: draft.handle.trim(),
    title: draft.title.trim(),
    status: draft.status,
    vendor: draft.vendor.trim(),
    product_type: draft.product_type.trim(),
    category: draft.category.trim(),
    tags: words(draft.tags),
    description_html: draft.description_html,
    media: draft.media.map(({ url, alt }) => ({ url: url.trim(), alt: alt.trim() })),
    options: draft.options.map(({ name }) => name.trim()),
    variants: draft.variants.map((variant) => ({
      sku: variant.sku.trim(),
      options: draft.options.map((_, index) => (variant.options[index] ?? "").trim()),
      price: parseAmount(variant.price, draft.currency) ?? nothing,
      compare_at: variant.compare_at.trim() ? parseAmount(variant.compare_at, draft.currency) : null,
      grams: Number(variant.grams) || 0,
      barcode: variant.barcode.trim() || null,
    })),
  };
}

/** What changed between two drafts: only that is sent, so that what others changed meanwhile stays. */
export function changes(before: Draft, after: Draft): Patch {
  const [old, now] = [toInput(before), toInput(after)];
  const differs = (key: keyof Input) => JSON.stringify(old[key]) !== JSON.stringify(now[key]);
  const patch: Record<string, unknown> = {};
  const plain = ["title", "status", "vendor", "product_type", "category", "tags", "description_html"] as const;
  for (const key of plain) if (differs(key)) patch[key] = now[key];
  // No pictures at all would be none to set: the shop keeps the ones that it has.
  if (differs("media") && now.media?.length) patch.media = now.media;
  // A variant's options are values of the product's: they change together.
  if (differs("options") || differs("variants")) {
    patch.options = now.options;
    patch.variants = now.variants;
  }
  return patch as Patch;
}

/** A handle for a title, as in "copper-kettle". */
export function handleOf(title: string): string {
  const plain = title.normalize("NFKD").replaceAll(/\p{M}/gu, "").toLowerCase();
  return plain
    .replaceAll(/[^a-z0-9]+/g, "-")
    .replaceAll(/^-+|-+$/g, "")
    .slice(0, 80)
    .replace(/-$/, "");
}

function words(text: string): string[] {
  const all = text.split(",").map((word) => word.trim());
  return [...new Set(all.filter(Boolean))];
}
