import { useTranslation } from "react-i18next";
import { useFormat } from "@/i18n/format";
import { classes } from "@/ui/classes";
import css from "./Dashboard.module.css";

/** How a figure has grown since the period before, where there was one. */
export function Change({ by }: { by: number | null | undefined }) {
  const { t } = useTranslation("admin");
  const { percent } = useFormat();
  if (by == null) return null;
  if (Math.abs(by) < 0.0005) return <>{t("dashboard.same")}</>;
  const up = by > 0;
  return (
    <span className={classes(css.change, up ? css.up : css.down)}>
      {t(up ? "dashboard.more" : "dashboard.less", { percent: percent(Math.abs(by)) })}
    </span>
  );
}
