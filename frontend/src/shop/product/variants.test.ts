import { expect, test } from "vitest";
import type { Schema } from "@/api/client";
import { chooseVariant, firstVariant, optionValues } from "./variants";

const variant = (sku: string, options: string[], in_stock = true) => ({ sku, options, in_stock });
const product = {
  options: ["Colour", "Size"],
  variants: [
    variant("is", ["Indigo", "Small"], false),
    variant("il", ["Indigo", "Large"]),
    variant("rs", ["Rose", "Small"]),
    variant("rl", ["Rose", "Large"]),
  ],
} as unknown as Schema["catalog"]["ProductDetail"];
const of = (sku: string) => product.variants.find((one) => one.sku === sku)!;

test("a page begins with a variant that can be bought", () => {
  expect(firstVariant(product)?.sku).toBe("il");
});

test("another colour keeps the size", () => {
  expect(chooseVariant(product, of("il"), 0, "Rose")?.sku).toBe("rl");
  expect(chooseVariant(product, of("rs"), 0, "Indigo")?.sku).toBe("is");
  expect(optionValues(product, 0)).toEqual(["Indigo", "Rose"]);
});
