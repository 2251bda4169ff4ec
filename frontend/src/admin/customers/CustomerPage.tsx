import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { useParams } from "react-router";
import { api, ask, type Schema } from "@/api/client";
import { isProblem } from "@/api/problem";
import { useAccount } from "@/auth/hooks";
import { useFormat } from "@/i18n/format";
import { ButtonLink } from "@/ui/Button";
import { toast } from "@/ui/Toast";
import { useCan } from "../can";
import { customerQuery } from "../data";
import { Loading, NotThere } from "../frame/States";
import { Ask, AskButton } from "../ui/Ask";
import { Badge } from "../ui/Badge";
import { Failed } from "../ui/Failed";
import { Card, Columns, Facts, Page, Stack } from "../ui/Page";
import { RolesForm } from "./RolesForm";

type Account = Schema["users"]["StaffAccount"];

export default function CustomerPage() {
  const { t } = useTranslation("admin");
  const { dateTime } = useFormat();
  const can = useCan();
  const me = useAccount()?.id;
  const { id = "" } = useParams();
  const query = useQuery(customerQuery(id));
  const change = useChange(id);
  const account = query.data;
  if (isProblem(query.error) && query.error.status === 404) return <NotThere />;
  if (query.isError && !account) return <Failed query={query} />;
  if (!account) return <Loading />;
  const mayChange = can("roles") && me !== account.id;
  return (
    <Page
      title={account.name || account.email}
      beside={account.disabled && <Badge tone="care">{t("customers.disabled")}</Badge>}
      back={{ to: "/admin/customers", words: t("nav.customers") }}
      actions={
        <>
          <ButtonLink to={`/admin/orders?${new URLSearchParams({ q: account.email })}`}>
            {t("customers.itsOrders")}
          </ButtonLink>
          <ButtonLink to={`/admin/messages?user_id=${account.id}`}>{t("customers.itsMessages")}</ButtonLink>
          {mayChange && <DisableButton account={account} onChange={change} />}
        </>
      }
    >
      <Columns>
        <Stack>
          <Card title={t("customers.account")}>
            <Facts
              of={[
                [t("customers.email"), <a href={`mailto:${account.email}`}>{account.email}</a>],
                [t("common.status"), t(account.email_verified ? "customers.verified" : "customers.unverified")],
                [t("customers.language"), t(`customers.languages.${account.locale}`)],
                [t("customers.since"), dateTime(account.created_at)],
                [t("customers.changed"), dateTime(account.updated_at)],
                ...(account.disabled_at
                  ? [[t("customers.disabledSince"), dateTime(account.disabled_at)] as [string, string]]
                  : []),
              ]}
            />
          </Card>
        </Stack>
        <RolesForm
          key={account.roles.join()}
          account={account}
          readOnly={!mayChange}
          isMe={me === account.id}
          onSave={(roles) => change({ roles })}
        />
      </Columns>
    </Page>
  );
}

function useChange(id: string) {
  const client = useQueryClient();
  return async (body: Schema["users"]["AccountChange"]) => {
    const now = await ask(api.PATCH("/api/users/{id}", { params: { path: { id } }, body }));
    client.setQueryData(customerQuery(id).queryKey, now);
    await client.invalidateQueries({ queryKey: ["admin", "customers", "list"] });
  };
}

function DisableButton({
  account,
  onChange,
}: {
  account: Account;
  onChange: (body: { disabled: boolean }) => Promise<void>;
}) {
  const { t } = useTranslation("admin");
  const { disabled } = account;
  const act = async () => {
    await onChange({ disabled: !disabled });
    toast(t(disabled ? "customers.enableDone" : "customers.disableDone"));
  };
  return (
    <AskButton
      label={t(disabled ? "customers.enable" : "customers.disable")}
      look={disabled ? "secondary" : "danger"}
      ask={(close) => (
        <Ask
          title={t(disabled ? "customers.enableTitle" : "customers.disableTitle", { name: account.name })}
          act={t(disabled ? "customers.enable" : "customers.disable")}
          danger={!disabled}
          onAct={act}
          onClose={close}
        >
          <p>{t(disabled ? "customers.enableText" : "customers.disableText")}</p>
        </Ask>
      )}
    />
  );
}
