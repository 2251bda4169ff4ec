import { useTranslation } from "react-i18next";
import { Icon } from "./Icon";
import css from "./Stepper.module.css";

interface Props {
  /** What is counted, for screen readers. */
  label: string;
  value: number;
  max?: number;
  onChange: (value: number) => void;
}

/** A number of pieces, from 1, changed by two buttons or typed. */
export function Stepper({ label, value, max = 99, onChange }: Props) {
  const { t } = useTranslation("shop");
  const set = (next: number) => {
    if (Number.isInteger(next) && next >= 1 && next <= max && next !== value) onChange(next);
  };
  return (
    <div role="group" aria-label={label} className={css.stepper}>
      <button type="button" aria-label={t("cart.fewer")} disabled={value <= 1} onClick={() => set(value - 1)}>
        <Icon name="minus" size={18} />
      </button>
      <input
        key={value}
        aria-label={label}
        inputMode="numeric"
        defaultValue={value}
        onBlur={(event) => set(Number(event.target.value))}
        onKeyDown={(event) => event.key === "Enter" && set(Number(event.currentTarget.value))}
      />
      <button type="button" aria-label={t("cart.moreOf")} disabled={value >= max} onClick={() => set(value + 1)}>
        <Icon name="plus" size={18} />
      </button>
    </div>
  );
}
