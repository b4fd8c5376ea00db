resource "payinvoice_cryptocloud_invoice" "order" {
  amount   = "149.90"
  currency = "EUR"
  order_id = "order-1001"
}

# The input of the application under test. A new invoice restarts it.
resource "terraform_data" "application" {
  triggers_replace = payinvoice_cryptocloud_invoice.order.id

  input = {
    INVOICE_ID   = payinvoice_cryptocloud_invoice.order.id
    CHECKOUT_URL = payinvoice_cryptocloud_invoice.order.checkout_url
  }
}
