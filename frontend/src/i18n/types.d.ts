import "i18next";
import type admin from "./locales/en/admin";
import type shop from "./locales/en/shop";

declare module "i18next" {
  interface CustomTypeOptions {
    defaultNS: "shop";
    resources: { shop: typeof shop; admin: typeof admin };
  }
}
