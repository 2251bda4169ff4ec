// Checkout in one page. The total on the button is the one that is sent: at any other nothing is ordered.
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useEffect, useRef, useState } from "react";
import { useForm, useWatch } from "react-hook-form";
import { useTranslation } from "react-i18next";
import { Link, useNavigate } from "react-router";
import { api, ask, type Schema } from "@/api/client";
import { isProblem } from "@/api/problem";
import { useAccount } from "@/auth/hooks";
import { useFormat } from "@/i18n/format";
import { useGoods } from "@/i18n/goods";
import { errorText } from "@/lib/errorText";
import { AddressFields, cleaned, isComplete, NO_ADDRESS, type Address } from "@/shop/account/AddressFields";
import { cartChanged, type Cart } from "@/shop/cart/useCart";
import { addressesQuery } from "@/shop/data";
import { Button } from "@/ui/Button";
import { Field, Radio } from "@/ui/Field";
import { Skeleton } from "@/ui/Skeleton";
import { CARDS } from "./cards";
import css from "./Checkout.module.css";
import { keepDraft, keyFor, readDraft } from "./draft";
import { Refused } from "./Refused";
import { Summary } from "./Summary";
import { useQuote } from "./useQuote";

type Quote = Schema["orders"]["Quote"];

export function CheckoutForm({ cart }: { cart: Cart }) {
  const { t } = useTranslation("shop");
  const { money } = useFormat();
  const goods = useGoods();
  const account = useAccount();
  const navigate = useNavigate();
  const client = useQueryClient();
  const [draft] = useState(readDraft);
  const contact = useForm({ defaultValues: { email: draft.email ?? "" }, mode: "onTouched" });
  const form = useForm<Address>({ defaultValues: draft.address ?? NO_ADDRESS, mode: "onTouched" });
  const [method, setMethod] = useState(draft.method);
  const [codes, setCodes] = useState(draft.codes ?? []);
  const [card, setCard] = useState<string>(CARDS[0].token);
  const [agreed, setAgreed] = useState<Quote>();
  const address = useWatch({ control: form.control }) as Address;
  const complete = isComplete(address);
  const quote = useQuote({ cart, address: complete ? cleaned(address) : undefined, method, codes });
  const shown = agreed ?? quote.data;
  const [refused, setRefused] = useState<{ code: string; why: unknown }>();
  const last = codes.at(-1);
  // A code that cannot be used is not kept: the total is that of the others, and beside the codes it says why.
  if (last !== undefined && isCodeProblem(quote.error)) {
    setRefused({ code: last, why: quote.error });
    setCodes(codes.slice(0, -1));
  }
  const problem = useRef<HTMLDivElement>(null);

  useEffect(() => keepDraft({ address, method, codes }), [address, method, codes]);
  useDefaultAddress(form.reset, Boolean(account) && !draft.address);

  const order = useMutation({
    mutationFn: async (total: Quote["total"]) => {
      const to = cleaned(address);
      const body = {
        shipping_address: to,
        shipping_method: shown?.shipping_method,
        promotion_codes: codes,
        payment_token: card,
        expected_total: total,
        ...(account ? {} : { email: contact.getValues("email").trim(), name: to.name }),
      };
      const key = keyFor({ ...body, cart: cart.id });
      return ask(api.POST("/api/orders/checkout", { params: { header: { "Idempotency-Key": key } }, body }));
    },
    onSuccess: (placed) => {
      keepDraft({ attempt: undefined });
      client.setQueryData(["my", "order", placed.id], placed);
      cartChanged(client);
      void client.invalidateQueries({ queryKey: ["my", "orders"] });
      // Replaced, so that going back leads to the cart and not to an order that was placed.
      void navigate(`/orders/${placed.id}`, { replace: true, state: { placed: true } });
    },
    onError: (error) => {
      if (isProblem(error, "price-changed")) {
        setAgreed(error.more.quote as Quote);
        void client.invalidateQueries({ queryKey: ["my", "cart"] });
      }
      if (isProblem(error, "items-unavailable", "cart-ordered", "cart-empty")) cartChanged(client);
      // It was good until now; the quote says which.
      if (isCodeProblem(error)) void quote.refetch();
      problem.current?.focus();
    },
  });

  const press = async () => {
    // Every field that is wrong says so, and the first of them is where one goes on.
    const reachable = account ? true : await contact.trigger(undefined, { shouldFocus: true });
    const deliverable = await form.trigger(undefined, { shouldFocus: reachable });
    if (reachable && deliverable && shown) order.mutate(shown.total);
  };
  // A change of what is ordered takes back what was agreed to.
  const changed =
    <T,>(set: (value: T) => void) =>
    (value: T) => {
      set(value);
      setAgreed(undefined);
      order.reset();
    };

  return (
    <form
      noValidate
      className={css.columns}
      onSubmit={(event) => {
        event.preventDefault();
        if (!order.isPending) void press();
      }}
    >
      <div className={css.form}>
        {!account && (
          <section className={css.section} aria-labelledby="contact">
            <h2 id="contact">{t("checkout.contact")}</h2>
            <p className={css.aside}>
              {t("checkout.haveAccount")} <Link to="/sign-in?next=/checkout">{t("layout.signIn")}</Link>
            </p>
            <Field
              label={t("form.email")}
              type="email"
              autoComplete="email"
              hint={t("checkout.emailHint")}
              error={contact.formState.errors.email?.message}
              {...contact.register("email", {
                required: t("form.needed"),
                pattern: { value: /^\S+@\S+\.\S+$/, message: t("form.emailWrong") },
                onChange: (event: { target: { value: string } }) => keepDraft({ email: event.target.value }),
              })}
            />
          </section>
        )}
        <section className={css.section} aria-labelledby="address">
          <h2 id="address">{t("checkout.address")}</h2>
          {account && <SavedAddresses onChoose={(chosen) => form.reset(chosen)} />}
          <AddressFields register={form.register} errors={form.formState.errors} />
        </section>
        <fieldset className={css.section}>
          <legend>{t("checkout.shipping")}</legend>
          {shown ? (
            <div className={css.choices}>
              {shown.shipping_options.map((option) => (
                <Radio
                  key={option.method}
                  name="method"
                  label={goods(option.label)}
                  aside={option.amount.amount_minor === 0 ? t("checkout.free") : money(option.amount)}
                  checked={option.method === shown.shipping_method}
                  onChange={() => changed(setMethod)(option.method)}
                />
              ))}
            </div>
          ) : (
            <div className={css.aside}>
              {quote.error ? (
                errorText(quote.error, t)
              ) : complete ? (
                <Skeleton height="3.25rem" />
              ) : (
                t("checkout.addressFirst")
              )}
            </div>
          )}
        </fieldset>
        <fieldset className={css.section}>
          <legend>{t("checkout.payment")}</legend>
          <p className={css.aside}>{t("checkout.testCards")}</p>
          <div className={css.choices}>
            {CARDS.map(({ token, digits }) => (
              <Radio
                key={token}
                name="card"
                label={t(`checkout.cards.${token}.name`)}
                hint={t(`checkout.cards.${token}.hint`)}
                aside={`•••• ${digits}`}
                checked={card === token}
                onChange={() => changed(setCard)(token)}
              />
            ))}
          </div>
        </fieldset>
      </div>
      <Summary
        cart={cart}
        quote={shown}
        loading={quote.isFetching && !agreed}
        codes={codes}
        onCodes={(now) => {
          setRefused(undefined);
          changed(setCodes)(now);
        }}
        codeError={refused && `${refused.code}: ${errorText(refused.why, t)}`}
      >
        <div ref={problem} tabIndex={-1} className={css.problem}>
          <Refused
            error={order.error ?? (isCodeProblem(quote.error) ? undefined : (quote.error ?? undefined))}
            cart={cart}
            onTryAgain={() => {
              order.reset();
              void quote.refetch();
            }}
          />
        </div>
        <Button
          type="submit"
          look="primary"
          size="l"
          wide
          pending={order.isPending || (complete && !shown && quote.isFetching)}
        >
          {shown ? t("checkout.place", { total: money(shown.total) }) : t("checkout.placeWithout")}
        </Button>
        <p className={css.small}>{t("checkout.promise")}</p>
        {order.isError && !isProblem(order.error) && <p role="alert">{errorText(order.error, t)}</p>}
      </Summary>
    </form>
  );
}

/** Whether a problem is about a promotion code, which is said where codes are. */
export function isCodeProblem(error: unknown): boolean {
  return isProblem(error) && /^promotion/.test(error.slug);
}

/** Fills the account's own address in. */
function useDefaultAddress(reset: (address: Address) => void, wanted: boolean): void {
  const { data } = useQuery({ ...addressesQuery, enabled: wanted });
  useEffect(() => {
    const own = data?.find(({ is_default }) => is_default);
    if (wanted && own) reset(asAddress(own));
  }, [data, reset, wanted]);
}

function SavedAddresses({ onChoose }: { onChoose: (address: Address) => void }) {
  const { t } = useTranslation("shop");
  const { data } = useQuery(addressesQuery);
  if (!data || data.length < 2) return null;
  return (
    <div className={css.saved} role="group" aria-label={t("checkout.saved")}>
      {data.map((address) => (
        <Button key={address.id} size="s" onClick={() => onChoose(asAddress(address))}>
          {address.name}, {address.line1}
        </Button>
      ))}
    </div>
  );
}

function asAddress({
  name,
  line1,
  line2,
  city,
  postal_code,
  region,
  country,
}: Schema["users"]["SavedAddress"]): Address {
  return { name, line1, line2: line2 ?? "", city, postal_code, region: region ?? "", country };
}
