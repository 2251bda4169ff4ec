import { useTranslation } from "react-i18next";
import { useNavigation } from "react-router";
import css from "./OnTheWay.module.css";

/** A line over the page while the next one is fetched. It shows only when that takes a moment. */
export function OnTheWay() {
  const { t } = useTranslation("shop");
  const { state } = useNavigation();
  if (state === "idle") return null;
  return <div role="progressbar" aria-label={t("common.loading")} className={css.line} />;
}
