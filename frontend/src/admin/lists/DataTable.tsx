// A page of a list: a table on wide screens, cards on narrow ones. It shows one page and nothing more, so it is as fast
// for a hundred thousand rows as for ten.
import type { UseQueryResult } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import { classes } from "@/ui/classes";
import { Skeleton } from "@/ui/Skeleton";
import { Star } from "@/ui/Tiles";
import { Failed } from "../ui/Failed";
import css from "./DataTable.module.css";
import type { ListParams } from "./useListParams";

export interface Column<Row> {
  head: string;
  cell: (row: Row) => ReactNode;
  /** Numbers stand to the right. */
  number?: boolean;
  /** Stays in one line, as days and times do. */
  short?: boolean;
  /** The head of a card. */
  lead?: boolean;
  /** Says nothing of its own on a card. */
  bare?: boolean;
}

interface Props<Row> {
  caption: string;
  columns: Column<Row>[];
  query: Pick<UseQueryResult<unknown>, "isPending" | "isError" | "error" | "isPlaceholderData" | "refetch">;
  rows: readonly Row[] | undefined;
  rowKey: (row: Row) => string;
  /** What to say when there is nothing. */
  empty: ReactNode;
  pages?: { list: Pick<ListParams<string>, "next" | "previous">; nextCursor: string | null | undefined };
}

const SKELETONS = Array.from({ length: 8 }, (_, index) => index);

export function DataTable<Row>({ caption, columns, query, rows, rowKey, empty, pages }: Props<Row>) {
  const { t } = useTranslation("admin");
  if (query.isError && !rows) return <Failed query={query} />;
  if (rows?.length === 0) {
    return (
      <div className={css.empty}>
        <Star size={48} />
        <p>{empty}</p>
        <Pager pages={pages} />
      </div>
    );
  }
  return (
    <>
      {/* A table whose parts are laid out as blocks is none to some screen readers, unless its roles are written. */}
      <div className={css.scroll}>
        {/* eslint-disable jsx-a11y/no-redundant-roles, jsx-a11y/no-interactive-element-to-noninteractive-role */}
        <table role="table" className={css.table} aria-busy={query.isPlaceholderData}>
          <caption className="sr-only">{caption}</caption>
          <thead role="rowgroup">
            <tr role="row">
              {columns.map((column) => (
                <th
                  key={column.head}
                  role="columnheader"
                  scope="col"
                  className={column.number ? css.number : undefined}
                >
                  {column.head}
                </th>
              ))}
            </tr>
          </thead>
          <tbody role="rowgroup">
            {rows?.map((row) => (
              <tr key={rowKey(row)} role="row">
                {columns.map((column) => (
                  <td
                    key={column.head}
                    role="cell"
                    data-label={column.lead || column.bare ? undefined : column.head}
                    className={classes(
                      column.number && css.number,
                      column.short && css.short,
                      column.lead && css.lead,
                      column.bare && css.bare,
                    )}
                  >
                    {column.cell(row)}
                  </td>
                ))}
              </tr>
            ))}
            {!rows &&
              SKELETONS.map((index) => (
                <tr key={index} role="row">
                  {columns.map((column) => (
                    <td key={column.head} role="cell">
                      <Skeleton width="80%" />
                    </td>
                  ))}
                </tr>
              ))}
          </tbody>
        </table>
        {/* eslint-enable jsx-a11y/no-redundant-roles, jsx-a11y/no-interactive-element-to-noninteractive-role */}
      </div>
      {!rows && (
        <p className="sr-only" role="status">
          {t("common.loading")}
        </p>
      )}
      <Pager pages={pages} />
    </>
  );
}

function Pager({ pages }: { pages: Props<unknown>["pages"] }) {
  const { t } = useTranslation("admin");
  if (!pages || (!pages.list.previous && !pages.nextCursor)) return null;
  const { previous } = pages.list;
  const next = pages.nextCursor ? pages.list.next(pages.nextCursor) : undefined;
  return (
    <nav aria-label={t("common.pages")} className={css.pager}>
      {previous && (
        <Link to={{ search: previous.search }} state={previous.state} rel="prev">
          {t("common.previous")}
        </Link>
      )}
      {next && (
        <Link to={{ search: next.search }} state={next.state} rel="next" className={css.next}>
          {t("common.next")}
        </Link>
      )}
    </nav>
  );
}
