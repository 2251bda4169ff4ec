import { useTranslation } from "react-i18next";
import { errorText } from "@/lib/errorText";

/** Puts an error into words. */
export function useErrorText(): (error: unknown) => string {
  const { t } = useTranslation("shop");
  return (error) => errorText(error, t, "admin");
}
