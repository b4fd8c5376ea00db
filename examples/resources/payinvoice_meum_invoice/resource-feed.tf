resource "payinvoice_meum_invoice" "order" {
  amount            = "19.90"
  currency          = "USD"
  external_order_id = "order-1001"
}

# The input of the application under test. A new invoice restarts it.
resource "terraform_data" "application" {
  triggers_replace = payinvoice_meum_invoice.order.id

  input = {
    INVOICE_ID   = payinvoice_meum_invoice.order.id
    CHECKOUT_URL = payinvoice_meum_invoice.order.checkout_url
  }
}
