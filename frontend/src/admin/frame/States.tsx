// What is shown in place of a page: while it loads, when it is not there, and when it is not theirs to see.
import { useTranslation } from "react-i18next";
import { usePageTitle } from "@/lib/usePageTitle";
import { ButtonLink } from "@/ui/Button";
import { Skeleton } from "@/ui/Skeleton";
import { Star } from "@/ui/Tiles";
import css from "./States.module.css";

export function Loading() {
  const { t } = useTranslation("admin");
  return (
    <div className={css.loading}>
      <p className="sr-only" role="status">
        {t("common.loading")}
      </p>
      <Skeleton width="14rem" height="2.2rem" />
      <Skeleton height="3rem" />
      <Skeleton height="16rem" />
    </div>
  );
}

export function NotThere() {
  const { t } = useTranslation("admin");
  return <Instead title={t("frame.notThere")} text={t("frame.notThereText")} />;
}

export function NotAllowed() {
  const { t } = useTranslation("admin");
  return <Instead title={t("frame.notAllowed")} text={t("frame.notAllowedText")} />;
}

function Instead({ title, text }: { title: string; text: string }) {
  const { t } = useTranslation("admin");
  usePageTitle(title);
  return (
    <div className={css.instead}>
      <Star size={72} />
      <h1>{title}</h1>
      <p>{text}</p>
      <ButtonLink to="/admin">{t("frame.toStart")}</ButtonLink>
    </div>
  );
}
