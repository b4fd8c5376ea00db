resource "payinvoice_hesabe_invoice" "by_sms" {
  amount        = "7.500"
  invoice_type  = "sms"
  country_code  = "965"
  mobile_number = "66666666"
  customer_name = "Noura Al-Sabah"
}
