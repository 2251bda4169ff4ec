import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { api, ask, type Schema } from "@/api/client";
import { useFormat } from "@/i18n/format";
import { Checkbox, Field } from "@/ui/Field";
import { toast } from "@/ui/Toast";
import { locationsQuery } from "../data";
import { DataTable, type Column } from "../lists/DataTable";
import { Ask, AskButton } from "../ui/Ask";
import { Badge } from "../ui/Badge";
import { Page } from "../ui/Page";

type Location = Schema["inventory"]["Location"];

/** The places that goods are at, in the order in which orders are served from them. */
export default function LocationsPage() {
  const { t } = useTranslation("admin");
  const { number } = useFormat();
  const locations = useQuery(locationsQuery);
  const columns: Column<Location>[] = [
    { head: t("stock.location"), lead: true, cell: (location) => <strong>{location.name}</strong> },
    { head: t("stock.code"), cell: (location) => location.code },
    { head: t("stock.priority"), number: true, cell: (location) => number(location.priority) },
    {
      head: t("common.status"),
      cell: (location) => (
        <Badge tone={location.active ? "true" : "plain"}>{t(location.active ? "stock.open" : "stock.closed")}</Badge>
      ),
    },
    {
      head: t("common.change"),
      bare: true,
      cell: (location) => (
        <AskButton
          label={t("stock.changeLocation", { name: location.name })}
          size="s"
          ask={(close) => <LocationDialog location={location} onClose={close} />}
        />
      ),
    },
  ];
  return (
    <Page
      title={t("stock.locations")}
      lead={t("stock.locationsLead")}
      back={{ to: "/admin/stock", words: t("nav.stock") }}
      actions={
        <AskButton label={t("stock.newLocation")} look="primary" ask={(close) => <LocationDialog onClose={close} />} />
      }
    >
      <DataTable
        caption={t("stock.locations")}
        columns={columns}
        query={locations}
        rows={locations.data}
        rowKey={(location) => location.code}
        empty={t("stock.none")}
      />
    </Page>
  );
}

function LocationDialog({ location, onClose }: { location?: Location; onClose: () => void }) {
  const { t } = useTranslation("admin");
  const client = useQueryClient();
  const act = async (form: FormData) => {
    const body = {
      name: String(form.get("name")).trim(),
      priority: Number(form.get("priority")),
      active: form.has("active"),
    };
    if (location) {
      const params = { path: { code: location.code } };
      await ask(api.PATCH("/api/inventory/locations/{code}", { params, body }));
    } else {
      await ask(api.POST("/api/inventory/locations", { body: { ...body, code: String(form.get("code")).trim() } }));
    }
    await client.invalidateQueries({ queryKey: ["admin", "stock"] });
    toast(t("stock.locationSaved"));
  };
  return (
    <Ask title={location ? location.name : t("stock.newLocation")} act={t("common.save")} onAct={act} onClose={onClose}>
      <Field label={t("stock.name")} name="name" defaultValue={location?.name} maxLength={100} required />
      {!location && (
        <Field
          label={t("stock.code")}
          hint={t("stock.codeHint")}
          name="code"
          pattern="[a-z0-9\-]{1,32}"
          maxLength={32}
          required
        />
      )}
      <Field
        label={t("stock.priority")}
        hint={t("stock.priorityHint")}
        name="priority"
        type="number"
        min={0}
        max={1_000_000}
        defaultValue={location?.priority ?? 10}
        required
      />
      <Checkbox label={t("stock.servesOrders")} name="active" defaultChecked={location?.active ?? true} />
    </Ask>
  );
}
