import { useState } from "react";
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

/** A number of pieces, from 1, changed by two buttons or typed. Typed nonsense falls back to what was there. */
export function Stepper({ label, value, max = 99, onChange }: Props) {
  const { t } = useTranslation("shop");
  const [typed, setTyped] = useState<string>();
  const set = (next: number) => {
    setTyped(undefined);
    const fits = Math.min(next, max);
    if (Number.isInteger(next) && next >= 1 && fits !== value) onChange(fits);
  };
  const settle = () => typed !== undefined && set(Number(typed));
  // A button that is disabled loses the focus; one that does nothing keeps it.
  const [least, most] = [value <= 1, value >= max];
  return (
    <div role="group" aria-label={label} className={css.stepper}>
      <button type="button" aria-label={t("cart.fewer")} aria-disabled={least} onClick={() => least || set(value - 1)}>
        <Icon name="minus" size={18} />
      </button>
      <input
        aria-label={label}
        inputMode="numeric"
        maxLength={4}
        value={typed ?? value}
        onChange={(event) => setTyped(event.target.value)}
        onBlur={settle}
        onKeyDown={(event) => {
          if (event.key === "Enter") settle();
          if (event.key === "Escape") setTyped(undefined);
        }}
      />
      <button type="button" aria-label={t("cart.moreOf")} aria-disabled={most} onClick={() => most || set(value + 1)}>
        <Icon name="plus" size={18} />
      </button>
    </div>
  );
}
