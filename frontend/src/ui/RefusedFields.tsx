import { useTranslation } from "react-i18next";
import { isProblem } from "@/api/problem";
import { fieldTexts } from "@/lib/fieldText";

/** The fields that a service refused, and why. */
export function RefusedFields({ error }: { error: unknown }) {
  const { t } = useTranslation("shop");
  if (!isProblem(error) || error.fields.length === 0) return null;
  return (
    <ul>
      {fieldTexts(error, t).map((text) => (
        <li key={text}>{text}</li>
      ))}
    </ul>
  );
}
