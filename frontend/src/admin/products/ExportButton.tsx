import { useMutation } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { Problem } from "@/api/problem";
import { signedFetch } from "@/auth/session";
import { Button } from "@/ui/Button";
import { toast } from "@/ui/Toast";
import { useErrorText } from "../ui/useErrorText";

/** All products as a CSV. The token is not in any address, so the file is fetched and then saved. */
export function ExportButton() {
  const { t } = useTranslation("admin");
  const say = useErrorText();
  const file = useMutation({
    mutationFn: async () => {
      const response = await signedFetch(new Request("/api/catalog/export"));
      if (!response.ok) throw Problem.of(response, await response.json().catch(() => undefined));
      save(await response.blob(), "products.csv");
    },
    onError: (error) => toast(say(error), "care"),
  });
  return (
    <Button pending={file.isPending} onClick={() => file.mutate()}>
      {t("products.export")}
    </Button>
  );
}

function save(blob: Blob, name: string): void {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(blob);
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
}
