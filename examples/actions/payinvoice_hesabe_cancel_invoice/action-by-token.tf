resource "payinvoice_hesabe_invoice" "order" {
  amount = "20.250"
}

action "payinvoice_hesabe_cancel_invoice" "by_token" {
  config {
    token = payinvoice_hesabe_invoice.order.token
  }
}
