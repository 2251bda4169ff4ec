import type { Right } from "../can";
import type { AdminIconName } from "../ui/AdminIcon";

/** The rooms of the back office, in groups. */
export const rooms = [
  { to: "/admin/dashboard", word: "dashboard", icon: "chart", right: "reports", group: "shop" },
  { to: "/admin/orders", word: "orders", icon: "bag", right: "orders", group: "shop" },
  { to: "/admin/products", word: "products", icon: "box", right: "products", group: "shop" },
  { to: "/admin/stock", word: "stock", icon: "shelf", right: "stock", group: "shop" },
  { to: "/admin/promotions", word: "promotions", icon: "tag", right: "promotions", group: "shop" },
  { to: "/admin/customers", word: "customers", icon: "people", right: "customers", group: "people" },
  { to: "/admin/messages", word: "messages", icon: "mail", right: "messages", group: "people" },
  { to: "/admin/health", word: "health", icon: "pulse", right: "operations", group: "works" },
  { to: "/admin/dead-letters", word: "deadLetters", icon: "letter", right: "operations", group: "works" },
] as const satisfies { to: string; word: string; icon: AdminIconName; right: Right; group: string }[];

export const groups = ["shop", "people", "works"] as const;
