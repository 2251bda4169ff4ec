import { useTranslation } from "react-i18next";

/** Says a code of the services (a reason, a step, a movement) in words; one that is new here reads as it is written. */
export function useCode(): (code: string | null | undefined) => string {
  const { t } = useTranslation("admin");
  return (code) => {
    if (!code) return "";
    const key = `codes.${code}`;
    const words: string = t(key as "codes.placed", { defaultValue: "" });
    if (words && words !== key) return words;
    const plain = code.replaceAll(/[_-]/g, " ");
    return plain.charAt(0).toUpperCase() + plain.slice(1);
  };
}
