import { useTranslation } from "react-i18next";
import type { Schema } from "@/api/client";
import { useFormat } from "@/i18n/format";
import { Notice } from "@/ui/Notice";
import { cell } from "@/ui/Table";
import { CardTable } from "../ui/CardTable";
import { Card, Figure, Figures } from "../ui/Page";
import { rowReason } from "./rowReason";

export type RowError = Schema["catalog"]["ImportError"];

/** What became of a file: what was written, and which rows could not be used and why. */
export function ImportReport({
  outcome,
  errors,
}: {
  outcome?: Schema["catalog"]["ImportOutcome"];
  errors: RowError[];
}) {
  const { t } = useTranslation("admin");
  const { number } = useFormat();
  return (
    <>
      {outcome ? (
        <Notice
          tone={errors.length > 0 ? "care" : "true"}
          title={t(errors.length > 0 ? "products.importSome" : "products.importAll")}
          live
        />
      ) : (
        <Notice tone="care" title={t("products.importNone")} live>
          <p>{t("products.importNoneText")}</p>
        </Notice>
      )}
      {outcome && (
        <Figures>
          <Figure name={t("products.importCreated")} value={number(outcome.created)} />
          <Figure name={t("products.importUpdated")} value={number(outcome.updated)} />
          <Figure name={t("products.importUnchanged")} value={number(outcome.unchanged)} />
          <Figure name={t("products.importLeftOut")} value={number(outcome.left_out)} />
        </Figures>
      )}
      {errors.length > 0 && (
        <Card title={t("products.importErrors", { count: errors.length })}>
          <CardTable caption={t("products.importErrors", { count: errors.length })}>
            <thead>
              <tr>
                <th scope="col" className={cell.number}>
                  {t("products.importLine")}
                </th>
                <th scope="col">{t("products.importColumn")}</th>
                <th scope="col">{t("products.importReason")}</th>
              </tr>
            </thead>
            <tbody>
              {errors.map((error, index) => (
                <tr key={`${index} ${error.line}`}>
                  <td className={cell.number}>{number(error.line)}</td>
                  <td>{error.column ?? "–"}</td>
                  <td>{rowReason(error.reason)}</td>
                </tr>
              ))}
            </tbody>
          </CardTable>
        </Card>
      )}
      {outcome && outcome.warnings.length > 0 && (
        <Card title={t("products.importWarnings")}>
          <ul>
            {outcome.warnings.map((warning) => (
              <li key={warning}>{rowReason(warning)}</li>
            ))}
          </ul>
        </Card>
      )}
    </>
  );
}
