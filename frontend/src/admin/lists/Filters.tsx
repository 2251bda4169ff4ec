// The line of filters over a list. Choices act at once; what is typed acts when it is sent.
import { useId, type FormEvent, type ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { Button, IconButton } from "@/ui/Button";
import { Icon } from "@/ui/Icon";
import css from "./Filters.module.css";

export function Filters({ children }: { children: ReactNode }) {
  const { t } = useTranslation("admin");
  return (
    <div role="search" aria-label={t("common.filters")} className={css.filters}>
      {children}
    </div>
  );
}

interface SearchProps {
  label: string;
  value: string | undefined;
  onSearch: (text: string) => void;
  maxLength?: number;
  type?: "search" | "email";
}

export function SearchFilter({ label, value = "", onSearch, maxLength = 100, type = "search" }: SearchProps) {
  const { t } = useTranslation("admin");
  const id = useId();
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    onSearch(String(new FormData(event.currentTarget).get("text") ?? "").trim());
  };
  return (
    <form className={css.search} onSubmit={submit}>
      <label htmlFor={id} className={css.label}>
        {label}
      </label>
      <span className={css.box}>
        {/* Another address, another text: the box shows what the list is narrowed to. */}
        <input key={value} id={id} name="text" type={type} defaultValue={value} maxLength={maxLength} />
        {value && (
          <IconButton label={t("common.clear")} className={css.clear} onClick={() => onSearch("")}>
            <Icon name="close" size={16} />
          </IconButton>
        )}
        <Button type="submit" size="s">
          {t("common.search")}
        </Button>
      </span>
    </form>
  );
}

interface ChoiceProps {
  label: string;
  value: string | undefined;
  onChoose: (value: string) => void;
  /** The first is for no filter. */
  options: [value: string, words: string][];
}

export function ChoiceFilter({ label, value = "", onChoose, options }: ChoiceProps) {
  const id = useId();
  return (
    <div className={css.choice}>
      <label htmlFor={id} className={css.label}>
        {label}
      </label>
      <select id={id} value={value} onChange={(event) => onChoose(event.target.value)}>
        {options.map(([option, words]) => (
          <option key={option} value={option}>
            {words}
          </option>
        ))}
      </select>
    </div>
  );
}

export function DateFilter({ label, value = "", onChoose }: Omit<ChoiceProps, "options">) {
  const id = useId();
  return (
    <div className={css.choice}>
      <label htmlFor={id} className={css.label}>
        {label}
      </label>
      <input
        id={id}
        type="date"
        value={value}
        onChange={(event) => {
          // While a year is being typed, the browser tells of the years 0002 and 0020, too.
          if (event.target.value === "" || event.target.value >= "2000") onChoose(event.target.value);
        }}
      />
    </div>
  );
}
