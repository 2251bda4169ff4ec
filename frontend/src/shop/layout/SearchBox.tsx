// Search with suggestions: a combo box (WAI-ARIA) whose options are links. It is written by hand because it is on every page
// and a library's would be a fifth of the home page.
import { useQuery } from "@tanstack/react-query";
import { useEffect, useId, useRef, useState, type KeyboardEvent } from "react";
import { useTranslation } from "react-i18next";
import { useLocation, useNavigate, useSearchParams } from "react-router";
import { useGoods } from "@/i18n/goods";
import { suggestionsQuery } from "@/shop/data";
import { useFormat } from "@/i18n/format";
import { classes } from "@/ui/classes";
import { Icon } from "@/ui/Icon";
import css from "./SearchBox.module.css";

interface Option {
  to: string;
  title: string;
  picture?: string;
  aside?: string;
}

export function SearchBox({ className }: { className?: string }) {
  const { t } = useTranslation("shop");
  const navigate = useNavigate();
  const id = useId();
  const [text, setText] = useTextOfAddress();
  const [open, setOpen] = useState(false);
  const [active, setActive] = useState(-1);
  const input = useRef<HTMLInputElement>(null);
  const options = useOptions(open ? text : "");
  const shown = open && options.length > 0;
  const close = () => {
    setOpen(false);
    setActive(-1);
  };
  const go = (to: string) => {
    close();
    input.current?.blur();
    void navigate(to);
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === "Escape" && shown) {
      // The first press closes the list; browsers empty the field with it.
      event.preventDefault();
      close();
    }
    if (event.key !== "ArrowDown" && event.key !== "ArrowUp") return;
    event.preventDefault();
    setOpen(true);
    const step = event.key === "ArrowDown" ? 1 : -1;
    const places = options.length + 1;
    // One place more than there are options: none of them, so that the text can be searched for.
    setActive((now) => ((now + 1 + step + places) % places) - 1);
  };
  return (
    <search className={classes(css.search, className)}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          const option = options[active];
          if (option && shown) go(option.to);
          else if (text.trim()) go(`/search?q=${encodeURIComponent(text.trim())}`);
        }}
      >
        <label htmlFor={id} className="sr-only">
          {t("search.label")}
        </label>
        <input
          ref={input}
          id={id}
          type="search"
          role="combobox"
          autoComplete="off"
          placeholder={t("search.placeholder")}
          maxLength={200}
          aria-expanded={shown}
          aria-controls={`${id}-options`}
          aria-autocomplete="list"
          aria-activedescendant={shown && active >= 0 ? `${id}-${active}` : undefined}
          value={text}
          onChange={(event) => {
            setText(event.target.value);
            setOpen(true);
            setActive(-1);
          }}
          onKeyDown={onKeyDown}
          onBlur={close}
          className={css.input}
        />
        <button type="submit" aria-label={t("search.go")} className={css.go}>
          <Icon name="search" size={20} />
        </button>
      </form>
      <ul
        id={`${id}-options`}
        role="listbox"
        aria-label={t("search.suggestions")}
        className={css.options}
        hidden={!shown}
      >
        {options.map((option, index) => (
          // The keyboard stays in the input, as the pattern of a combo box has it.
          // eslint-disable-next-line jsx-a11y/click-events-have-key-events
          <li
            key={option.to}
            id={`${id}-${index}`}
            role="option"
            tabIndex={-1}
            aria-selected={index === active}
            className={css.option}
            onMouseDown={(event) => event.preventDefault()}
            onClick={() => go(option.to)}
          >
            {option.picture ? <img src={option.picture} alt="" width="44" height="44" /> : <Icon name="tag" />}
            <span className={css.title}>{option.title}</span>
            <span className={css.aside}>{option.aside}</span>
          </li>
        ))}
      </ul>
      <p role="status" className="sr-only">
        {shown && t("search.found", { count: options.length })}
      </p>
    </search>
  );
}

/** What is being searched for, by the address. */
function useTextOfAddress() {
  const { pathname } = useLocation();
  const [params] = useSearchParams();
  const searched = pathname === "/search" ? (params.get("q") ?? "") : "";
  const state = useState(searched);
  const set = state[1];
  useEffect(() => set(searched), [searched, set]);
  return state;
}

function useOptions(text: string): Option[] {
  const { t } = useTranslation("shop");
  const { money } = useFormat();
  const goods = useGoods();
  const typed = useSettled(text.trim());
  const { data } = useQuery(suggestionsQuery(typed));
  if (!typed || !text.trim() || !data) return [];
  return [
    ...data.categories.map(({ slug, title }) => ({ to: `/c/${slug}`, title: goods(title), aside: t("search.stall") })),
    ...data.products.map((product) => ({
      to: `/products/${product.slug}`,
      title: product.title,
      picture: product.image_url,
      aside: money(product.price_from),
    })),
  ];
}

/** The value once it has not changed for a moment. */
function useSettled(value: string): string {
  const [settled, setSettled] = useState(value);
  useEffect(() => {
    const timer = setTimeout(() => setSettled(value), 120);
    return () => clearTimeout(timer);
  }, [value]);
  return settled;
}
