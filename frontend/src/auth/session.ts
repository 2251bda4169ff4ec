// Who is shopping. The access token lives in this module's memory and nowhere else; the refresh token (or a guest's
// token) is in an HttpOnly cookie that is sent to /api/users/session alone, so no script can read it. What is in
// localStorage is a hint whether asking for a token is worth a request: no secret.
import type { components } from "@/api/generated/users";
import { Problem } from "@/api/problem";

type Account = components["schemas"]["User"];
type SignedIn = Omit<components["schemas"]["SignedIn"], "refresh_token">;
type GuestToken = components["schemas"]["GuestToken"];

export type Session =
  /** It is not known yet who this is. */
  | { kind: "starting" }
  /** Has not put anything into a cart yet. */
  | { kind: "nobody" }
  | { kind: "guest"; id: string }
  | { kind: "account"; user: Account };

type Hint = "account" | "guest";

const HINT = "souk.session";
/** Makes a browser ask first (CORS) before another site could send it: the services' answer to forged requests. */
const COOKIE_MODE = { "souk-session": "cookie" };
/** A token this close to its end is renewed first. */
const SLACK_MS = 20_000;

let session: Session = readHint() ? { kind: "starting" } : { kind: "nobody" };
let access: { token: string; until: number } | undefined;
let renewal: Promise<void> | undefined;
const listeners = new Set<(session: Session) => void>();
const tabs = typeof BroadcastChannel === "undefined" ? undefined : new BroadcastChannel("souk.session");

/** Who is shopping, as it is known now. */
export function currentSession(): Session {
  return session;
}

/** Calls back when somebody else is shopping, or it becomes known who. */
export function onSession(listener: (session: Session) => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** Finds out who this browser was signed in as. */
export async function startSession(): Promise<void> {
  if (session.kind === "starting") await renew().catch(() => undefined);
}

/** Signs an account in. What the guest had in the cart comes along. */
export async function signIn(email: string, password: string): Promise<Account> {
  return enter("/api/users/login", { email, password });
}

/** Opens an account and signs it in. */
export async function register(account: components["schemas"]["Register"]): Promise<Account> {
  return enter("/api/users/register", account);
}

/** Ends the session on this browser, a guest's, too. */
export async function signOut(): Promise<void> {
  await exclusively(async () => {
    await post("/api/users/session/end");
    settle({ kind: "nobody" }, undefined, undefined);
  });
  tabs?.postMessage("changed");
}

/** Forgets the session that the service has ended already. */
export function sessionEnded(): void {
  settle({ kind: "nobody" }, undefined, undefined);
  tabs?.postMessage("changed");
}

/** Makes a guest of somebody without an account, so that there is a cart to put things into. */
export async function becomeSomebody(): Promise<void> {
  await startSession();
  if (session.kind !== "nobody") return;
  await exclusively(async () => {
    if (session.kind === "nobody") await askGuest();
  });
  tabs?.postMessage("changed");
}

/** Reads the account again after it was changed. */
export function accountChanged(user: Account): void {
  if (session.kind === "account") settle({ kind: "account", user }, access, "account");
}

/** `fetch` with the session's access token, renewed when it is too old or was refused. */
export async function signedFetch(request: Request): Promise<Response> {
  const again = request.clone();
  const token = await tokenFor(request);
  const response = await send(request, token);
  if (response.status !== 401 || !token) return response;
  access = undefined;
  await renew();
  const renewed = await tokenFor(again);
  return renewed ? send(again, renewed) : response;
}

/** The access token, for what cannot go through `signedFetch`, as a stream does. */
export async function accessToken(): Promise<string | undefined> {
  if (session.kind === "starting" || (session.kind !== "nobody" && !isFresh())) await renew();
  return access?.token;
}

async function tokenFor(request: Request): Promise<string | undefined> {
  // The catalogue is the same for every shopper, and nobody waits for it; staff see drafts.
  const isPublic = request.method === "GET" && new URL(request.url).pathname.startsWith("/api/catalog/");
  const isStaff = session.kind === "account" && session.user.roles.some((role) => role !== "customer");
  return isPublic && !isStaff ? undefined : accessToken();
}

async function send(request: Request, token: string | undefined): Promise<Response> {
  if (token) request.headers.set("authorization", `Bearer ${token}`);
  try {
    return await fetch(request);
  } catch (error) {
    if (request.signal.aborted) throw error;
    throw new Problem(0, "offline", "The shop could not be reached.");
  }
}

async function enter(path: string, body: object): Promise<Account> {
  const guest = session.kind === "guest" ? await accessToken() : undefined;
  const signedIn = await exclusively(async () => {
    const answer = await post<SignedIn>(path, body);
    settle({ kind: "account", user: answer.user }, answer, "account");
    return answer;
  });
  if (guest) {
    // A cart that does not fit stays the guest's; signing in has worked all the same.
    const headers = { authorization: `Bearer ${signedIn.access_token}` };
    await post("/api/orders/cart/merge", { guest_token: guest }, headers).catch(() => undefined);
    notify();
  }
  tabs?.postMessage("changed");
  return signedIn.user;
}

/** A new access token. One call at a time, in all tabs together: a refresh token works once. */
function renew(): Promise<void> {
  renewal ??= exclusively(async () => {
    if (isFresh()) return;
    const hint = readHint();
    try {
      if (hint === "account") {
        const answer = await post<SignedIn>("/api/users/session/refresh");
        settle({ kind: "account", user: answer.user }, answer, hint);
      } else if (hint === "guest") {
        await askGuest();
      } else {
        settle({ kind: "nobody" }, undefined, undefined);
      }
    } catch (error) {
      // The session is over. Anything else may pass: the hint stays, and the next request tries again.
      if (error instanceof Problem && error.status === 401) settle({ kind: "nobody" }, undefined, undefined);
      else if (session.kind === "starting") settle({ kind: "nobody" }, undefined, hint);
      throw error;
    }
  }).finally(() => (renewal = undefined));
  return renewal.catch((error: unknown) => {
    if (!(error instanceof Problem && error.status === 401)) throw error;
  });
}

async function askGuest(): Promise<void> {
  const guest = await post<GuestToken>("/api/users/session/guest");
  settle({ kind: "guest", id: guest.guest_id }, guest, "guest");
}

function isFresh(): boolean {
  return access !== undefined && access.until - SLACK_MS > Date.now();
}

async function exclusively<T>(work: () => Promise<T>): Promise<T> {
  return "locks" in navigator ? navigator.locks.request("souk.session", work) : work();
}

async function post<T>(path: string, body?: object, headers: Record<string, string> = {}): Promise<T> {
  const request = new Request(new URL(path, window.location.origin), {
    method: "POST",
    headers: { ...(body && { "content-type": "application/json" }), ...COOKIE_MODE, ...headers },
    body: body && JSON.stringify(body),
    // An answer that sets a cookie must arrive even when the page is left meanwhile.
    keepalive: true,
  });
  const response = await send(request, undefined);
  const answer: unknown = response.status === 204 ? undefined : await response.json().catch(() => undefined);
  if (!response.ok) throw Problem.of(response, answer);
  return answer as T;
}

function settle(next: Session, token: { access_token: string; expires_in: number } | typeof access, hint?: Hint): void {
  session = next;
  if (!token || "until" in token) access = token;
  else access = { token: token.access_token, until: Date.now() + token.expires_in * 1000 };
  writeHint(hint);
  notify();
}

function notify(): void {
  for (const listener of listeners) listener(session);
}

function readHint(): Hint | undefined {
  try {
    const hint = localStorage.getItem(HINT);
    return hint === "account" || hint === "guest" ? hint : undefined;
  } catch {
    return undefined;
  }
}

function writeHint(hint: Hint | undefined): void {
  try {
    if (hint) localStorage.setItem(HINT, hint);
    else localStorage.removeItem(HINT);
  } catch {
    // A browser that keeps nothing forgets the session with the page.
  }
}

// Another tab signed in or out: this one asks who it is now.
tabs?.addEventListener("message", () => {
  access = undefined;
  void renew().catch(() => undefined);
});
