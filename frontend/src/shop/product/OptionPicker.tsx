import { useTranslation } from "react-i18next";
import type { Schema } from "@/api/client";
import { useGoods } from "@/i18n/goods";
import { classes } from "@/ui/classes";
import css from "./OptionPicker.module.css";
import { chooseVariant, optionValues, type Variant } from "./variants";

interface Props {
  product: Schema["catalog"]["ProductDetail"];
  index: number;
  chosen: Variant;
  onChoose: (value: string) => void;
}

/** The values of one option as a row of radio buttons; what is sold out can be chosen, and says so. */
export function OptionPicker({ product, index, chosen, onChoose }: Props) {
  const { t } = useTranslation("shop");
  const goods = useGoods();
  const name = product.options[index] ?? "";
  return (
    <fieldset className={css.option}>
      <legend>
        {goods(name)}: <span>{goods(chosen.options[index] ?? "")}</span>
      </legend>
      <div className={css.values}>
        {optionValues(product, index).map((value) => {
          const gone = !chooseVariant(product, chosen, index, value)?.in_stock;
          return (
            <label key={value} className={classes(css.value, gone && css.gone)}>
              <input
                type="radio"
                name={`option-${index}`}
                checked={chosen.options[index] === value}
                onChange={() => onChoose(value)}
              />
              <span>{goods(value)}</span>
              {gone && <span className="sr-only"> ({t("product.soldOut")})</span>}
            </label>
          );
        })}
      </div>
    </fieldset>
  );
}
