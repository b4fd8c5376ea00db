resource "payinvoice_hesabe_invoice" "order" {
  amount           = "20.250" # KWD
  reference_number = "1001"
  description      = "Consultation, two sessions"
  customer_name    = "Noura Al-Sabah"
  language         = "ar"

  items = [
    {
      title    = "Session"
      rate     = "10.125"
      quantity = 2
      amount   = "20.250"
    },
  ]
}

output "checkout_url" {
  value = payinvoice_hesabe_invoice.order.checkout_url
}
