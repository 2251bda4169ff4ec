// Says when the largest thing of the home page is painted, with nothing in the browser's cache: `SOUK_URL=... node scripts/lcp.mjs`.
import { launch, shop, told } from "./browser.mjs";

const browser = await launch();
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
console.log(`largest contentful paint of ${shop}: ${told(times)}`);
