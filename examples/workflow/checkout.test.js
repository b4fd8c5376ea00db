import assert from "node:assert/strict";
import test from "node:test";

import { chromium } from "playwright-core";

// GitHub's runners have Chrome. CHROMIUM_PATH names another browser.
const { CHECKOUT_URL, CHROMIUM_PATH } = process.env;
const options = CHROMIUM_PATH ? { executablePath: CHROMIUM_PATH } : { channel: "chrome" };

test("a customer pays", async (t) => {
  const browser = await chromium.launch(options);
  t.after(() => browser.close());
  const page = await browser.newPage();

  await page.goto(CHECKOUT_URL);
  assert.match(await page.getByTestId("amount").innerText(), /19\.90\s+USD/);
  await page.getByTestId("pay").click();
  await page.getByTestId("outcome").waitFor();

  assert.equal(await page.getByTestId("phase").getAttribute("data-phase"), "paid");
});
