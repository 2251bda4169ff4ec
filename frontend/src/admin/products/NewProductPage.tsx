import { useQueryClient } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { useNavigate } from "react-router";
import { api, ask } from "@/api/client";
import { toast } from "@/ui/Toast";
import { Page } from "../ui/Page";
import { emptyDraft, toInput, type Draft } from "./draft";
import { ProductForm } from "./ProductForm";

export default function NewProductPage() {
  const { t } = useTranslation("admin");
  const client = useQueryClient();
  const navigate = useNavigate();
  const create = async (draft: Draft) => {
    const made = await ask(api.POST("/api/catalog/products", { body: toInput(draft) }));
    await client.invalidateQueries({ queryKey: ["admin", "products"] });
    toast(t("products.created"));
    await navigate(`/admin/products/${made.slug}`);
  };
  return (
    <Page title={t("products.new")} back={{ to: "/admin/products", words: t("nav.products") }}>
      <ProductForm draft={emptyDraft} isNew onSave={create} />
    </Page>
  );
}
