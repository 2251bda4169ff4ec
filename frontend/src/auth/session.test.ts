import { afterEach, beforeEach, expect, test, vi } from "vitest";

const user = {
  id: "u",
  email: "ana@souk.example",
  name: "Ana",
  roles: ["customer"],
  locale: "en",
  email_verified: true,
  created_at: "",
};
const signedIn = (token: string) =>
  Response.json({ user, access_token: token, token_type: "Bearer", expires_in: 900, refresh_token: null });

let calls: Request[];
let answers: (request: Request) => Response;

beforeEach(() => {
  calls = [];
  localStorage.clear();
  vi.resetModules();
  vi.stubGlobal("fetch", (request: Request) => {
    calls.push(request);
    return Promise.resolve(answers(request));
  });
});
afterEach(() => vi.unstubAllGlobals());

const paths = () => calls.map((request) => new URL(request.url).pathname);
const load = () => import("./session");
const request = (path: string) => new Request(new URL(path, window.location.origin));

test("nobody's first page asks for no token at all", async () => {
  answers = () => Response.json({});
  const { currentSession, signedFetch, startSession } = await load();
  await startSession();
  await signedFetch(request("/api/orders/cart"));
  expect(currentSession().kind).toBe("nobody");
  expect(paths()).toEqual(["/api/orders/cart"]);
  expect(calls[0]?.headers.get("authorization")).toBeNull();
});

test("whoever was signed in gets a token once, however many requests wait for it", async () => {
  localStorage.setItem("souk.session", "account");
  answers = (request) => (request.url.endsWith("/refresh") ? signedIn("one") : Response.json({}));
  const { signedFetch } = await load();
  await Promise.all(["/api/orders/cart", "/api/orders", "/api/users/me"].map((path) => signedFetch(request(path))));
  expect(paths().filter((path) => path.endsWith("/refresh"))).toHaveLength(1);
  expect(calls.filter((call) => call.headers.get("authorization") === "Bearer one")).toHaveLength(3);
  expect(JSON.stringify({ ...localStorage })).not.toContain("one");
  expect(calls[0]?.headers.get("souk-session")).toBe("cookie");
});

test("a token that is refused is renewed, and the request sent again", async () => {
  localStorage.setItem("souk.session", "account");
  let issued = 0;
  answers = (request) => {
    if (request.url.endsWith("/refresh")) return signedIn(`token-${(issued += 1)}`);
    const good = request.headers.get("authorization") === "Bearer token-2";
    return good ? Response.json({}) : new Response("{}", { status: 401 });
  };
  const { signedFetch } = await load();
  expect((await signedFetch(request("/api/users/me"))).status).toBe(200);
});

test("a session that is over is forgotten; a shop that is away is not a reason to", async () => {
  localStorage.setItem("souk.session", "account");
  answers = () => new Response("{}", { status: 503 });
  const away = await load();
  await away.startSession();
  expect(localStorage.getItem("souk.session")).toBe("account");
  vi.resetModules();
  answers = () => new Response("{}", { status: 401 });
  const over = await load();
  await over.startSession();
  expect([over.currentSession().kind, localStorage.getItem("souk.session")]).toEqual(["nobody", null]);
});
