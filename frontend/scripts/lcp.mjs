// Says when the largest thing of the home page is painted, with nothing in the browser's cache: `SOUK_URL=... node scripts/lcp.mjs`.
import { chromium } from "playwright-core";

const shop = (process.env.SOUK_URL ?? "http://localhost:9080").replace("127.0.0.1", "localhost");
const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
  args: ["--no-sandbox"],
});
const times = [];
for (let round = 0; round < 5; round += 1) {
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 } });
  const page = await context.newPage();
  await page.goto(shop, { waitUntil: "networkidle" });
  times.push(
    await page.evaluate(
      () =>
        new Promise((resolve) => {
          new PerformanceObserver((list) => resolve(list.getEntries().at(-1).startTime)).observe({
            type: "largest-contentful-paint",
            buffered: true,
          });
        }),
    ),
  );
  await context.close();
}
await browser.close();
times.sort((a, b) => a - b);
console.log(`largest contentful paint of ${shop}: median ${Math.round(times[2])} ms, worst ${Math.round(times[4])} ms`);
