resource "payinvoice_xpays_invoice" "order" {
  amount             = "40.00"
  from_fiat_currency = "USD"
  to_crypto_currency = "USDT"
  chain              = "tron"
  order_id           = "order-1001"
}

# The input of the application under test. A new invoice restarts it.
resource "terraform_data" "application" {
  triggers_replace = payinvoice_xpays_invoice.order.id

  input = {
    INVOICE_ID   = payinvoice_xpays_invoice.order.id
    CHECKOUT_URL = payinvoice_xpays_invoice.order.checkout_url
  }
}
