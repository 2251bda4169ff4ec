// Errors as the services report them (RFC 9457), with the stable slug that code decides by.

interface Body {
  type?: string;
  title?: string;
  detail?: string;
  errors?: { field: string; message: string }[];
}

export class Problem extends Error {
  override name = "Problem";

  constructor(
    /** HTTP status; 0 when there was no answer at all. */
    readonly status: number,
    /** Stable name, as in `price-changed`; `offline` when there was no answer. */
    readonly slug: string,
    /** What happened and what to do, in English, by the service. */
    readonly detail: string,
    /** Further members of the problem document. */
    readonly more: Record<string, unknown> = {},
    /** Seconds after which the service wants to be asked again. */
    readonly retryAfter?: number,
  ) {
    super(detail);
  }

  static of(response: Response, body: unknown): Problem {
    const known = (typeof body === "object" && body !== null ? body : {}) as Body & Record<string, unknown>;
    const slug = known.type?.split(":").pop() ?? `http-${response.status}`;
    const wait = Number(response.headers.get("retry-after"));
    const detail = known.detail ?? known.title ?? response.statusText;
    return new Problem(response.status, slug, detail, known, wait > 0 ? wait : undefined);
  }

  /** The fields that the service refused, with the reason for each. */
  get fields(): { field: string; message: string }[] {
    const errors = this.more.errors;
    return Array.isArray(errors) ? (errors as { field: string; message: string }[]) : [];
  }
}

/** Whether an error is the problem with this slug. */
export function isProblem(error: unknown, ...slugs: string[]): error is Problem {
  return error instanceof Problem && (slugs.length === 0 || slugs.includes(error.slug));
}
