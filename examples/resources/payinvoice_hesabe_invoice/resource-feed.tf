resource "payinvoice_hesabe_invoice" "order" {
  amount           = "20.250"
  reference_number = "1001"
}

# The input of the application under test. A new invoice restarts it.
resource "terraform_data" "application" {
  triggers_replace = payinvoice_hesabe_invoice.order.id

  input = {
    INVOICE_ID   = payinvoice_hesabe_invoice.order.id
    CHECKOUT_URL = payinvoice_hesabe_invoice.order.checkout_url
  }
}
