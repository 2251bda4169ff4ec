import { useTranslation } from "react-i18next";
import { useOnline } from "@/lib/useOnline";
import { Icon } from "@/ui/Icon";
import css from "./OfflineBanner.module.css";

/** Says that there is no network, for as long as there is none. */
export function OfflineBanner() {
  const { t } = useTranslation("shop");
  const online = useOnline();
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
