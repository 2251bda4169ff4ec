import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useParams } from "react-router";
import { api, ask } from "@/api/client";
import { isProblem } from "@/api/problem";
import { useFormat } from "@/i18n/format";
import { ButtonLink } from "@/ui/Button";
import { toast } from "@/ui/Toast";
import { productQuery } from "../data";
import { Loading, NotThere } from "../frame/States";
import { Ask, AskButton } from "../ui/Ask";
import { Badge } from "../ui/Badge";
import { Failed } from "../ui/Failed";
import { Page } from "../ui/Page";
import { Conflict } from "./Conflict";
import { changes, toDraft, type Draft, type Patch, type Product } from "./draft";
import { ProductForm } from "./ProductForm";
import { statusTones } from "./status";

interface Collision {
  patch: Patch;
  theirs: Product;
}

export default function ProductPage() {
  const { slug = "" } = useParams();
  const query = useQuery(productQuery(slug));
  if (isProblem(query.error) && query.error.status === 404) return <NotThere />;
  if (query.isError && !query.data) return <Failed query={query} />;
  if (!query.data) return <Loading />;
  // Another version is another form.
  return <Editor key={query.data.version} product={query.data} />;
}

function Editor({ product }: { product: Product }) {
  const { t } = useTranslation("admin");
  const { dateTime } = useFormat();
  const client = useQueryClient();
  const [collision, setCollision] = useState<Collision>();
  const path = { slug_or_id: product.slug };

  const show = async (now: Product) => {
    client.setQueryData(productQuery(product.slug).queryKey, now);
    await client.invalidateQueries({ queryKey: ["admin", "products", "list"] });
  };
  const put = async (patch: Patch, version: number) => {
    const params = { path, header: { "if-match": `"${version}"` } };
    await show(await ask(api.PATCH("/api/catalog/products/{slug_or_id}", { params, body: patch })));
    toast(t("products.saved"));
  };
  const save = async (draft: Draft) => {
    const patch = changes(toDraft(product), draft);
    if (Object.keys(patch).length === 0) return toast(t("products.nothingChanged"));
    try {
      await put(patch, product.version);
    } catch (error) {
      if (!isProblem(error, "version-conflict")) throw error;
      const theirs = await ask(api.GET("/api/catalog/products/{slug_or_id}", { params: { path }, cache: "no-store" }));
      setCollision({ patch, theirs });
    }
  };
  const archive = async () => {
    const params = { path, header: { "if-match": `"${product.version}"` } };
    await ask(api.DELETE("/api/catalog/products/{slug_or_id}", { params }));
    await show(await ask(api.GET("/api/catalog/products/{slug_or_id}", { params: { path }, cache: "no-store" })));
    toast(t("products.archived"));
  };
  return (
    <Page
      title={product.title}
      beside={<Badge tone={statusTones[product.status]}>{t(`products.statuses.${product.status}`)}</Badge>}
      lead={t("products.changedAt", { when: dateTime(product.updated_at) })}
      back={{ to: "/admin/products", words: t("nav.products") }}
      actions={
        <>
          {product.status === "active" && (
            <ButtonLink to={`/products/${product.slug}`}>{t("products.inShop")}</ButtonLink>
          )}
          {product.status !== "archived" && (
            <AskButton
              label={t("products.archive")}
              look="danger"
              ask={(close) => (
                <Ask
                  title={t("products.archiveTitle", { title: product.title })}
                  act={t("products.archive")}
                  danger
                  onAct={archive}
                  onClose={close}
                >
                  <p>{t("products.archiveText")}</p>
                </Ask>
              )}
            />
          )}
        </>
      }
    >
      <ProductForm draft={toDraft(product)} onSave={save} />
      {collision && (
        <Conflict
          base={product}
          {...collision}
          onMerge={() => put(collision.patch, collision.theirs.version)}
          onTakeTheirs={() => show(collision.theirs)}
          onClose={() => setCollision(undefined)}
        />
      )}
    </Page>
  );
}
