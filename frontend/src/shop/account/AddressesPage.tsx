import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useForm } from "react-hook-form";
import { useTranslation } from "react-i18next";
import { api, ask, type Schema } from "@/api/client";
import { isProblem } from "@/api/problem";
import { currentLocale } from "@/i18n";
import { countryName } from "@/lib/countries";
import { errorText } from "@/lib/errorText";
import { fieldTexts } from "@/lib/fieldText";
import { usePageTitle } from "@/lib/usePageTitle";
import { addressesQuery } from "@/shop/data";
import { Button } from "@/ui/Button";
import Dialog from "@/ui/Dialog";
import { Checkbox } from "@/ui/Field";
import { Notice } from "@/ui/Notice";
import { Skeleton } from "@/ui/Skeleton";
import { toast } from "@/ui/Toast";
import css from "./Account.module.css";
import { AddressFields, cleaned, NO_ADDRESS, type Address } from "./AddressFields";

type Saved = Schema["users"]["SavedAddress"];

export function Component() {
  const { t } = useTranslation("shop");
  const client = useQueryClient();
  const { data, isPending, error } = useQuery(addressesQuery);
  const [edited, setEdited] = useState<Saved | "new">();
  usePageTitle(t("account.nav.addresses"));
  const again = () => client.invalidateQueries({ queryKey: addressesQuery.queryKey });
  const remove = useMutation({
    mutationFn: (id: string) => ask(api.DELETE("/api/users/me/addresses/{id}", { params: { path: { id } } })),
    onSuccess: again,
    onError: (problem) => toast(errorText(problem, t), "care"),
  });
  return (
    <>
      <h1>{t("account.nav.addresses")}</h1>
      {isPending && <Skeleton height="5rem" />}
      {error && <Notice tone="care" title={errorText(error, t)} live />}
      {data?.length === 0 && <p>{t("account.noAddresses")}</p>}
      <ul className={css.list}>
        {data?.map((address) => (
          <li key={address.id} className={css.card}>
            <div>
              <span className={css.title}>{address.name}</span>{" "}
              {address.is_default && <span className={css.tag}>{t("account.default")}</span>}
              <p>
                {[
                  address.line1,
                  address.line2,
                  `${address.postal_code} ${address.city}`,
                  address.region,
                  countryName(address.country, currentLocale()),
                ]
                  .filter(Boolean)
                  .join(", ")}
              </p>
            </div>
            <div className={css.row}>
              <Button size="s" aria-label={`${t("common.edit")}: ${address.name}`} onClick={() => setEdited(address)}>
                {t("common.edit")}
              </Button>
              <Button
                size="s"
                aria-label={`${t("common.remove")}: ${address.name}`}
                onClick={() => remove.mutate(address.id)}
              >
                {t("common.remove")}
              </Button>
            </div>
          </li>
        ))}
      </ul>
      <div>
        <Button look="primary" onClick={() => setEdited("new")}>
          {t("account.addAddress")}
        </Button>
      </div>
      {edited && (
        <Editor
          address={edited === "new" ? undefined : edited}
          onClose={(changed) => {
            setEdited(undefined);
            if (changed) void again();
          }}
        />
      )}
    </>
  );
}

function Editor({ address, onClose }: { address: Saved | undefined; onClose: (changed: boolean) => void }) {
  const { t } = useTranslation("shop");
  const [isDefault, setDefault] = useState(address?.is_default ?? false);
  const { register, handleSubmit, formState } = useForm<Address>({
    defaultValues: address ? { ...address, line2: address.line2 ?? "", region: address.region ?? "" } : NO_ADDRESS,
    mode: "onTouched",
  });
  const save = useMutation({
    mutationFn: (values: Address) => {
      const body = { ...cleaned(values), is_default: isDefault };
      return address
        ? ask(api.PUT("/api/users/me/addresses/{id}", { params: { path: { id: address.id } }, body }))
        : ask(api.POST("/api/users/me/addresses", { body }));
    },
    onSuccess: () => onClose(true),
  });
  return (
    <Dialog open onClose={() => onClose(false)} title={address ? t("account.editAddress") : t("account.addAddress")}>
      <form
        noValidate
        className={css.form}
        onSubmit={(event) => void handleSubmit((values) => save.mutate(values))(event)}
      >
        <AddressFields register={register} errors={formState.errors} />
        <Checkbox
          label={t("account.makeDefault")}
          checked={isDefault}
          onChange={(event) => setDefault(event.target.checked)}
        />
        {save.isError && (
          <Notice tone="care" title={errorText(save.error, t)} live>
            {isProblem(save.error) && fieldTexts(save.error, t).map((text) => <p key={text}>{text}</p>)}
          </Notice>
        )}
        <Button type="submit" look="primary" pending={save.isPending}>
          {t("common.save")}
        </Button>
      </form>
    </Dialog>
  );
}
