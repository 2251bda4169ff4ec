import { useSyncExternalStore } from "react";
import { useTranslation } from "react-i18next";
import { Icon } from "@/ui/Icon";
import css from "./OfflineBanner.module.css";

function subscribe(listener: () => void): () => void {
  window.addEventListener("online", listener);
  window.addEventListener("offline", listener);
  return () => {
    window.removeEventListener("online", listener);
    window.removeEventListener("offline", listener);
  };
}

/** Says that there is no network, for as long as there is none. */
export function OfflineBanner() {
  const { t } = useTranslation("shop");
  const online = useSyncExternalStore(subscribe, () => navigator.onLine);
  return (
    <div role="status" className={online ? "sr-only" : css.banner}>
      {!online && (
        <>
          <Icon name="alert" size={18} />
          {t("layout.offline")}
        </>
      )}
    </div>
  );
}
