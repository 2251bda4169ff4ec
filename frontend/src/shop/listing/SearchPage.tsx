import { useTranslation } from "react-i18next";
import { useSearchParams } from "react-router";
import { usePageTitle } from "@/lib/usePageTitle";
import { Skeleton } from "@/ui/Skeleton";
import css from "./Head.module.css";
import { Listing } from "./Listing";

export function Component() {
  const { t } = useTranslation("shop");
  const [params] = useSearchParams();
  const q = (params.get("q") ?? "").trim().slice(0, 200);
  const title = q ? t("search.title", { q }) : t("search.everything");
  usePageTitle(title);
  return (
    <Listing
      key={q}
      base={q ? { q } : {}}
      head={(count) => (
        <header className={css.head}>
          <div>
            <h1 className={css.query}>{title}</h1>
            <p className={css.count}>{count ?? <Skeleton width="6rem" />}</p>
          </div>
        </header>
      )}
    />
  );
}
