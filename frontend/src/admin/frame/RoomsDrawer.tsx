import { useTranslation } from "react-i18next";
import Dialog from "@/ui/Dialog";
import { Rooms } from "./Rooms";
import css from "./AdminLayout.module.css";

export default function RoomsDrawer({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation("admin");
  return (
    <Dialog open onClose={onClose} title={t("title")} side="left">
      <div className={css.drawer}>
        <Rooms inDrawer />
      </div>
    </Dialog>
  );
}
