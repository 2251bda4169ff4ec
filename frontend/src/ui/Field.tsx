// Form fields on the browser's own controls: each has a label, may have a hint, and says in words what is wrong with it.
import {
  useId,
  type InputHTMLAttributes,
  type ReactNode,
  type Ref,
  type SelectHTMLAttributes,
  type TextareaHTMLAttributes,
} from "react";
import { classes } from "./classes";
import css from "./Field.module.css";

interface About {
  label: ReactNode;
  hint?: ReactNode;
  error?: string | undefined;
  /** Said behind the label of a field that may stay empty. */
  optional?: string;
  className?: string;
}

function useAbout(id: string | undefined, { hint, error }: About) {
  const made = useId();
  const own = id ?? made;
  const described = classes(hint !== undefined && `${own}-hint`, error !== undefined && `${own}-error`);
  return { id: own, "aria-describedby": described || undefined, "aria-invalid": error !== undefined || undefined };
}

function Frame({ id, about, children }: { id: string; about: About; children: ReactNode }) {
  return (
    <div className={classes(css.field, about.className)}>
      <label htmlFor={id} className={css.label}>
        {about.label}
        {about.optional && <span className={css.optional}> {about.optional}</span>}
      </label>
      {children}
      {about.hint !== undefined && (
        <p id={`${id}-hint`} className={css.hint}>
          {about.hint}
        </p>
      )}
      {about.error !== undefined && (
        <p id={`${id}-error`} className={css.error}>
          {about.error}
        </p>
      )}
    </div>
  );
}

/** A line of text. */
export function Field(props: About & InputHTMLAttributes<HTMLInputElement> & { ref?: Ref<HTMLInputElement> }) {
  const { label, hint, error, optional, className, id, ...rest } = props;
  const about = { label, hint, error, optional, className } as About;
  const described = useAbout(id, about);
  return (
    <Frame id={described.id} about={about}>
      <input {...rest} {...described} className={css.control} />
    </Frame>
  );
}

/** Several lines of text. */
export function TextArea(
  props: About & TextareaHTMLAttributes<HTMLTextAreaElement> & { ref?: Ref<HTMLTextAreaElement> },
) {
  const { label, hint, error, optional, className, id, ...rest } = props;
  const about = { label, hint, error, optional, className } as About;
  const described = useAbout(id, about);
  return (
    <Frame id={described.id} about={about}>
      <textarea {...rest} {...described} className={css.control} />
    </Frame>
  );
}

/** A choice of a list: the browser's own, since no other works as well on a telephone. */
export function Select(props: About & SelectHTMLAttributes<HTMLSelectElement> & { ref?: Ref<HTMLSelectElement> }) {
  const { label, hint, error, optional, className, id, children, ...rest } = props;
  const about = { label, hint, error, optional, className } as About;
  const described = useAbout(id, about);
  return (
    <Frame id={described.id} about={about}>
      <select {...rest} {...described} className={classes(css.control, css.select)}>
        {children}
      </select>
    </Frame>
  );
}

/** Yes or no. */
export function Checkbox(
  props: Omit<About, "optional"> & InputHTMLAttributes<HTMLInputElement> & { ref?: Ref<HTMLInputElement> },
) {
  const { label, hint, error, className, id, ...rest } = props;
  const about = { label, hint, error, className } as About;
  const described = useAbout(id, about);
  return (
    <div className={classes(css.check, className)}>
      <input type="checkbox" {...rest} {...described} className={css.box} />
      <label htmlFor={described.id}>{label}</label>
      {hint !== undefined && (
        <p id={`${described.id}-hint`} className={css.hint}>
          {hint}
        </p>
      )}
      {error !== undefined && (
        <p id={`${described.id}-error`} className={css.error}>
          {error}
        </p>
      )}
    </div>
  );
}

/** One of a few, all of them in sight. Each is a card that can be pressed anywhere. */
export function Radio({
  label,
  hint,
  aside,
  ...rest
}: InputHTMLAttributes<HTMLInputElement> & {
  label: ReactNode;
  hint?: ReactNode;
  aside?: ReactNode;
  ref?: Ref<HTMLInputElement>;
}) {
  return (
    <label className={css.radio}>
      <input type="radio" {...rest} className={css.dot} />
      <span className={css.radioWords}>
        <span>{label}</span>
        {hint !== undefined && <span className={css.hint}>{hint}</span>}
      </span>
      {aside !== undefined && <span className={css.aside}>{aside}</span>}
    </label>
  );
}
