// Which variant a choice of options means.
import type { Schema } from "@/api/client";

type Product = Schema["catalog"]["ProductDetail"];
export type Variant = Product["variants"][number];

/** The variant to begin with: the first that can be bought. */
export function firstVariant(product: Product): Variant | undefined {
  return product.variants.find(({ in_stock }) => in_stock) ?? product.variants[0];
}

/** The values of an option, in the order of the variants. */
export function optionValues(product: Product, index: number): string[] {
  return [...new Set(product.variants.map(({ options }) => options[index] ?? ""))].filter(Boolean);
}

/** The variant with `value` that has most else in common with the one chosen before. */
export function chooseVariant(product: Product, from: Variant, index: number, value: string): Variant | undefined {
  const likeness = ({ options, in_stock }: Variant) =>
    options.filter((option, i) => i !== index && option === from.options[i]).length + (in_stock ? 0.5 : 0);
  return product.variants
    .filter(({ options }) => options[index] === value)
    .sort((a, b) => likeness(b) - likeness(a))[0];
}
