import { Table } from "@/ui/Table";
import type { ComponentProps } from "react";
import css from "./CardTable.module.css";

/** A table in a card: its first and last columns keep to the card's edges. */
export function CardTable(props: ComponentProps<typeof Table>) {
  return <Table {...props} className={css.flush} />;
}
