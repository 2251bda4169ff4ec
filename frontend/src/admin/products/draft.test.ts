import { expect, test } from "vitest";
import { changes, emptyVariant, handleOf, toDraft, toInput, type Product } from "./draft";

const kettle: Product = {
  id: "0198b1e0-0000-7000-8000-000000000001",
  slug: "copper-kettle",
  title: "Copper Kettle",
  status: "active",
  vendor: "Coppersmiths of Oven Lane",
  product_type: "Kettle",
  category: "tea-coffee",
  tags: ["copper", "kitchen"],
  description_html: "<p>It sings.</p>",
  image_url: "/api/catalog/media/tea-coffee/kettle/copper-kettle.svg",
  image_alt: "A kettle",
  media: [{ url: "/api/catalog/media/tea-coffee/kettle/copper-kettle.svg", alt: "A kettle", position: 1 }],
  options: ["Size"],
  version: 3,
  in_stock: true,
  price_from: { amount_minor: 4800, currency: "EUR" },
  created_at: "2026-01-01T00:00:00Z",
  updated_at: "2026-01-02T00:00:00Z",
  variants: [
    {
      sku: "KET-1",
      title: "1 l",
      options: ["1 l"],
      price: { amount_minor: 4800, currency: "EUR" },
      compare_at: null,
      grams: 900,
      barcode: null,
      in_stock: true,
    },
  ],
};

test("a form that nobody touched changes nothing", () => {
  expect(changes(toDraft(kettle), toDraft(kettle))).toEqual({});
});

test("only what changed is sent, and prices are the amounts that were typed", () => {
  const after = toDraft(kettle);
  after.title = "Copper Kettle, hammered";
  expect(changes(toDraft(kettle), after)).toEqual({ title: "Copper Kettle, hammered" });
  const dearer = toDraft(kettle);
  dearer.variants = [{ ...emptyVariant(1), ...dearer.variants[0], price: "52,5", compare_at: "60" }];
  expect(changes(toDraft(kettle), dearer)).toEqual({
    options: ["Size"],
    variants: [
      {
        sku: "KET-1",
        options: ["1 l"],
        price: { amount_minor: 5250, currency: "EUR" },
        compare_at: { amount_minor: 6000, currency: "EUR" },
        grams: 900,
        barcode: null,
      },
    ],
  });
});

test("a variant has one value for each option, also for one that was just added", () => {
  const draft = toDraft(kettle);
  draft.options.push({ name: "Finish" });
  expect(toInput(draft).variants[0]?.options).toEqual(["1 l", ""]);
  draft.options = [];
  expect(toInput(draft).variants[0]?.options).toEqual([]);
});

test("a handle is made of a title's letters", () => {
  expect(handleOf("  Açúcar & Chá, 250 g!")).toBe("acucar-cha-250-g");
  expect(handleOf("***")).toBe("");
});
