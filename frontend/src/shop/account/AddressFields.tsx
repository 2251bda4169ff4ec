// The fields of an address, as checkout and the account's address book have them.
import { useMemo } from "react";
import { useTranslation } from "react-i18next";
import type { FieldErrors, UseFormRegister } from "react-hook-form";
import { countries } from "@/lib/countries";
import { Field, Select } from "@/ui/Field";
import css from "./AddressFields.module.css";

export interface Address {
  name: string;
  line1: string;
  line2?: string | undefined;
  city: string;
  postal_code: string;
  region?: string | undefined;
  country: string;
}

export const NO_ADDRESS: Address = {
  name: "",
  line1: "",
  line2: "",
  city: "",
  postal_code: "",
  region: "",
  country: "PT",
};

interface Props {
  register: UseFormRegister<Address>;
  errors: FieldErrors<Address>;
}

export function AddressFields({ register, errors }: Props) {
  const { t, i18n } = useTranslation("shop");
  const all = useMemo(() => countries(i18n.language), [i18n.language]);
  const needed = (max: number) => ({
    required: t("form.needed"),
    maxLength: { value: max, message: t("form.tooLong", { max }) },
    validate: (value: string | undefined) => Boolean(value?.trim()) || t("form.needed"),
  });
  const atMost = (max: number) => ({ maxLength: { value: max, message: t("form.tooLong", { max }) } });
  return (
    <div className={css.fields}>
      <Field
        label={t("address.name")}
        autoComplete="shipping name"
        error={errors.name?.message}
        className={css.wide}
        {...register("name", needed(100))}
      />
      <Field
        label={t("address.line1")}
        autoComplete="shipping address-line1"
        error={errors.line1?.message}
        className={css.wide}
        {...register("line1", needed(200))}
      />
      <Field
        label={t("address.line2")}
        optional={t("common.optional")}
        autoComplete="shipping address-line2"
        error={errors.line2?.message}
        className={css.wide}
        {...register("line2", atMost(200))}
      />
      <Field
        label={t("address.postalCode")}
        autoComplete="shipping postal-code"
        error={errors.postal_code?.message}
        {...register("postal_code", needed(20))}
      />
      <Field
        label={t("address.city")}
        autoComplete="shipping address-level2"
        error={errors.city?.message}
        {...register("city", needed(100))}
      />
      <Field
        label={t("address.region")}
        optional={t("common.optional")}
        autoComplete="shipping address-level1"
        error={errors.region?.message}
        {...register("region", atMost(100))}
      />
      <Select
        label={t("address.country")}
        autoComplete="shipping country"
        error={errors.country?.message}
        {...register("country", { required: t("form.needed") })}
      >
        {all.map(({ code, name }) => (
          <option key={code} value={code}>
            {name}
          </option>
        ))}
      </Select>
    </div>
  );
}

/** The address as the services take it: trimmed, without empty lines. */
export function cleaned(address: Address): Address {
  const given = (text: string | undefined) => text?.trim() || undefined;
  return {
    name: address.name.trim(),
    line1: address.line1.trim(),
    line2: given(address.line2),
    city: address.city.trim(),
    postal_code: address.postal_code.trim(),
    region: given(address.region),
    country: address.country,
  };
}

/** Whether nothing that is needed is missing. */
export function isComplete(address: Address): boolean {
  return [address.name, address.line1, address.city, address.postal_code, address.country].every((part) =>
    part?.trim(),
  );
}
