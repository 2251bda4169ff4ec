import css from "./Dashboard.module.css";

interface Props<T extends string> {
  label: string;
  options: (readonly [T, string])[];
  value: T | undefined;
  onChoose: (value: T) => void;
}

/** A few choices side by side, one of them taken. */
export function Choice<T extends string>({ label, options, value, onChoose }: Props<T>) {
  return (
    <div role="group" aria-label={label} className={css.choice}>
      {options.map(([option, words]) => (
        <button
          key={option}
          type="button"
          aria-pressed={option === value}
          className={css.option}
          onClick={() => onChoose(option)}
        >
          {words}
        </button>
      ))}
    </div>
  );
}
