import type { Money as Amount } from "@/api/client";
import { useFormat } from "@/i18n/format";

/** An amount in the shopper's way of writing it. */
export function Money({ of, className }: { of: Amount; className?: string }) {
  const { money } = useFormat();
  return <span className={className}>{money(of)}</span>;
}
