import { useTranslation } from "react-i18next";
import { ButtonLink } from "@/ui/Button";
import { Star } from "@/ui/Tiles";
import css from "./EmptyCart.module.css";

export function EmptyCart({ onLeave }: { onLeave?: () => void }) {
  const { t } = useTranslation("shop");
  return (
    <div className={css.empty}>
      <Star size={72} />
      <p className={css.title}>{t("cart.emptyTitle")}</p>
      <p>{t("cart.emptyText")}</p>
      <ButtonLink look="primary" to="/" onClick={onLeave}>
        {t("cart.lookAround")}
      </ButtonLink>
    </div>
  );
}
