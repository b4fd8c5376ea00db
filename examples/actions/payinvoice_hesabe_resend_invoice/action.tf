resource "payinvoice_hesabe_invoice" "order" {
  amount        = "7.500"
  invoice_type  = "sms"
  country_code  = "965"
  mobile_number = "66666666"
}

action "payinvoice_hesabe_resend_invoice" "order" {
  config {
    id            = payinvoice_hesabe_invoice.order.id
    country_code  = "965"
    mobile_number = "66666666"
  }
}
