// What the scripts that look at a running shop share: where it is, a browser, and how times are told.
import { chromium } from "playwright-core";

export const shop = (process.env.SOUK_URL ?? "http://localhost:9080").replace("127.0.0.1", "localhost");

export const launch = () =>
  chromium.launch({
    executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
    args: ["--no-sandbox"],
  });

/** The median and the worst of some milliseconds, as text. */
export function told(times) {
  const sorted = times.toSorted((a, b) => a - b);
  const median = sorted[Math.floor(sorted.length / 2)];
  return `median ${Math.round(median)} ms, worst ${Math.round(sorted.at(-1))} ms`;
}
