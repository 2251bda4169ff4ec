// What to say about an error when there is nothing more fitting to say where it happened.
import type { TFunction } from "i18next";
import { Problem } from "@/api/problem";

export function errorText(error: unknown, t: TFunction<"shop">): string {
  if (!(error instanceof Problem)) return t("errors.again");
  if (error.status === 0) return t("errors.offline");
  if (error.status === 429) return t("errors.tooMany", { seconds: error.retryAfter ?? 60 });
  if (error.status >= 500) return t("errors.again");
  // The service says what happened and what to do next.
  return error.detail || t("errors.again");
}
