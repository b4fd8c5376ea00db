// A shop that waits until its orders are paid. A webhook counts only with Meum's
// signature, and what it says only after the invoice has been read through the API.
import { createHmac, timingSafeEqual } from "node:crypto";
import { createServer } from "node:http";
import { text } from "node:stream/consumers";

const { MEUM_ENDPOINT, MEUM_API_KEY, MEUM_WEBHOOK_SECRET, PORT } = process.env;
const paidOrders = new Set();

// See https://docs.meum.io/webhooks/verify-signatures.md
function isSigned(headers, body) {
  const timestamp = headers["x-stablecoin-timestamp"] ?? "";
  const mac = createHmac("sha256", MEUM_WEBHOOK_SECRET).update(`${timestamp}.${body}`).digest("hex");
  const want = Buffer.from(`v1=${mac}`);
  const got = Buffer.from(headers["x-stablecoin-signature"] ?? "");
  const isFresh = Math.abs(Date.now() / 1000 - Number(timestamp)) < 300;
  return isFresh && got.length === want.length && timingSafeEqual(got, want);
}

async function receive(request) {
  const body = await text(request);
  if (!isSigned(request.headers, body)) return [401, "The signature is wrong."];
  const { data } = JSON.parse(body);
  const response = await fetch(`${MEUM_ENDPOINT}/v1/invoices/${encodeURIComponent(data.invoice_id)}`, {
    headers: { Authorization: `Bearer ${MEUM_API_KEY}` },
  });
  if (!response.ok) return [502, "The invoice cannot be read."]; // the webhook is sent again
  const invoice = await response.json();
  if (invoice.status === "paid") paidOrders.add(invoice.external_order_id);
  return [200, "Thank you."];
}

createServer(async (request, response) => {
  const order = request.url.match(/^\/orders\/([\w-]+)$/)?.[1];
  let answer = [404, "There is no such page."];
  if (order) answer = [200, paidOrders.has(order) ? "paid" : "not paid"];
  if (request.url.split("?")[0] === "/") answer = [200, "Thank you for your order."];
  if (request.method === "POST" && request.url === "/webhooks/meum") {
    answer = await receive(request).catch((error) => [500, String(error)]);
  }
  response.writeHead(answer[0], { "Content-Type": "text/plain; charset=utf-8" }).end(`${answer[1]}\n`);
}).listen(Number(PORT));
