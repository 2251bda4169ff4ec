import { useTranslation } from "react-i18next";

export function Component() {
  const { t } = useTranslation("shop");
  return <h1>{t("layout.tagline")}</h1>;
}
