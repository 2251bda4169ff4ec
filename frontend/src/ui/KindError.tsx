// What is shown in place of a page that broke, or that is not there.
import { useEffect, useState } from "react";
import { useTranslation } from "react-i18next";
import { isRouteErrorResponse, useRouteError } from "react-router";
import { isProblem } from "@/api/problem";
import { useOnline } from "@/lib/useOnline";
import { usePageTitle } from "@/lib/usePageTitle";
import { Button, ButtonLink } from "./Button";
import css from "./KindError.module.css";
import { Star } from "./Tiles";

/** The error of a route, in kind words. */
export function RouteError() {
  const error = useRouteError();
  const missing = (isRouteErrorResponse(error) || isProblem(error)) && error.status === 404;
  useEffect(() => {
    if (!missing) console.error(error);
  }, [error, missing]);
  return missing ? <NotFound /> : <KindError />;
}

export function KindError() {
  const online = useOnline();
  const [started] = useState(online);
  useEffect(() => {
    // What could not be fetched without a network can be now.
    if (online && !started) window.location.reload();
  }, [online, started]);
  if (!online) return <Offline />;
  return <Broken />;
}

/** A page that is not on this device yet, and no network to fetch it by. */
function Offline() {
  const { t } = useTranslation("shop");
  usePageTitle(t("errors.offlineTitle"));
  return (
    <div className={css.page} role="alert">
      <Star size={96} />
      <h1>{t("errors.offlineTitle")}</h1>
      <p>{t("errors.offlineText")}</p>
      <p className={css.ways}>
        <Button look="primary" onClick={() => window.history.back()}>
          {t("common.back")}
        </Button>
      </p>
    </div>
  );
}

function Broken() {
  const { t } = useTranslation("shop");
  usePageTitle(t("errors.title"));
  return (
    <div className={css.page} role="alert">
      <Star size={96} />
      <h1>{t("errors.title")}</h1>
      <p>{t("errors.text")}</p>
      <p className={css.ways}>
        <Button look="primary" onClick={() => window.location.reload()}>
          {t("common.reload")}
        </Button>
        <a href="/">{t("common.home")}</a>
      </p>
    </div>
  );
}

export function NotFound() {
  const { t } = useTranslation("shop");
  usePageTitle(t("errors.notFoundTitle"));
  return (
    <div className={css.page}>
      <Star size={96} />
      <h1>{t("errors.notFoundTitle")}</h1>
      <p>{t("errors.notFoundText")}</p>
      <p className={css.ways}>
        <ButtonLink look="primary" to="/">
          {t("common.home")}
        </ButtonLink>
      </p>
    </div>
  );
}
