import { useTranslation } from "react-i18next";
import { Link, NavLink } from "react-router";
import { useAccount } from "@/auth/hooks";
import { signOut } from "@/auth/session";
import { Star } from "@/ui/Tiles";
import { useCan } from "../can";
import { AdminIcon } from "../ui/AdminIcon";
import { Look } from "./Look";
import { groups, rooms } from "./nav";
import css from "./Rooms.module.css";

/** Where one can go, and who one is: the side of a wide screen, the drawer of a narrow one. */
export function Rooms({ inDrawer }: { inDrawer?: boolean }) {
  const { t } = useTranslation("admin");
  const can = useCan();
  return (
    <div className={css.side}>
      {!inDrawer && (
        <Link to="/admin" className={css.brand}>
          <Star size={34} />
          <span>Souk</span>
        </Link>
      )}
      <nav aria-label={t("frame.nav")} className={css.rooms}>
        {groups.map((group) => {
          const open = rooms.filter((room) => room.group === group && can(room.right));
          return (
            open.length > 0 && (
              <ul key={group}>
                {open.map((room) => (
                  <li key={room.to}>
                    <NavLink to={room.to} className={css.room}>
                      <AdminIcon name={room.icon} />
                      {t(`nav.${room.word}`)}
                    </NavLink>
                  </li>
                ))}
              </ul>
            )
          );
        })}
      </nav>
      <Look />
      <Person />
    </div>
  );
}

function Person() {
  const { t } = useTranslation("admin");
  const account = useAccount();
  const roles = account?.roles.filter((role) => role !== "customer" && role !== "guest") ?? [];
  return (
    <div className={css.person}>
      <p className={css.name}>{account?.name}</p>
      <p className={css.roles}>{roles.map((role) => t(`roles.${role}`)).join(", ")}</p>
      <p className={css.ways}>
        <Link to="/">{t("frame.toShop")}</Link>
        <button type="button" className={css.leave} onClick={() => void signOut()}>
          {t("frame.signOut")}
        </button>
      </p>
    </div>
  );
}
