import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import { useAccount, useHasRole } from "@/auth/hooks";
import { useGoods } from "@/i18n/goods";
import { categoriesQuery } from "@/shop/data";
import Dialog from "@/ui/Dialog";
import css from "./MenuDrawer.module.css";
import { stallPicture } from "./stalls";

/** All stalls, on screens that have no room for them in the header. */
export default function MenuDrawer({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation("shop");
  const goods = useGoods();
  const { data = [] } = useQuery(categoriesQuery);
  const account = useAccount();
  const staff = useHasRole("merchant", "support", "admin");
  return (
    <Dialog open onClose={onClose} title={t("layout.stalls")} side="left">
      <nav aria-label={t("layout.mainNav")}>
        <ul className={css.stalls}>
          {data.map((category) => (
            <li key={category.slug}>
              <Link to={`/c/${category.slug}`} onClick={onClose}>
                <img src={stallPicture(category.slug)} alt="" width="48" height="48" />
                <span>{goods(category.title)}</span>
              </Link>
            </li>
          ))}
        </ul>
      </nav>
      <ul className={css.own}>
        <li>
          <Link to={account ? "/account" : "/sign-in"} onClick={onClose}>
            {account ? t("layout.account") : t("layout.signIn")}
          </Link>
        </li>
        {staff && (
          <li>
            <Link to="/admin" onClick={onClose}>
              {t("layout.staff")}
            </Link>
          </li>
        )}
      </ul>
    </Dialog>
  );
}
