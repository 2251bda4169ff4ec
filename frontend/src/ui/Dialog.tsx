// A window over the page, or a drawer from its side. react-aria keeps the focus inside, gives it back afterwards, and
// closes on Escape. Load it with `lazy`: the home page does without.
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { Dialog as AriaDialog, Heading, Modal, ModalOverlay } from "react-aria-components";
import { IconButton } from "./Button";
import { classes } from "./classes";
import css from "./Dialog.module.css";
import { Icon } from "./Icon";

interface Props {
  open: boolean;
  onClose: () => void;
  title: ReactNode;
  children: ReactNode;
  /** What stays in sight at the foot. */
  foot?: ReactNode;
  side?: "middle" | "right" | "left";
  role?: "dialog" | "alertdialog";
}

export default function Dialog({ open, onClose, title, children, foot, side = "middle", role = "dialog" }: Props) {
  const { t } = useTranslation("shop");
  return (
    <ModalOverlay
      isOpen={open}
      onOpenChange={(now) => !now && onClose()}
      isDismissable={role === "dialog"}
      className={css.veil}
    >
      <Modal className={classes(css.modal, css[side])}>
        <AriaDialog role={role} className={css.dialog}>
          <header className={css.head}>
            <Heading slot="title" className={css.title}>
              {title}
            </Heading>
            <IconButton label={t("common.close")} onClick={onClose}>
              <Icon name="close" />
            </IconButton>
          </header>
          <div className={css.body}>{children}</div>
          {foot !== undefined && <footer className={css.foot}>{foot}</footer>}
        </AriaDialog>
      </Modal>
    </ModalOverlay>
  );
}
