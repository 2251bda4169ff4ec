import { useEffect } from "react";
import { useTranslation } from "react-i18next";
import { useBlocker } from "react-router";
import { Ask } from "../ui/Ask";

/** Asks before somebody leaves what they have not saved. */
export function StayOrLeave({ when }: { when: boolean }) {
  const { t } = useTranslation("admin");
  const blocker = useBlocker(
    ({ currentLocation, nextLocation }) => when && currentLocation.pathname !== nextLocation.pathname,
  );
  useEffect(() => {
    if (!when) return;
    const hold = (event: BeforeUnloadEvent) => event.preventDefault();
    window.addEventListener("beforeunload", hold);
    return () => window.removeEventListener("beforeunload", hold);
  }, [when]);
  if (blocker.state !== "blocked") return null;
  return (
    <Ask
      title={t("products.leaveTitle")}
      act={t("products.leave")}
      danger
      onAct={async () => blocker.proceed()}
      onClose={() => blocker.reset?.()}
    >
      <p>{t("products.leaveText")}</p>
    </Ask>
  );
}
