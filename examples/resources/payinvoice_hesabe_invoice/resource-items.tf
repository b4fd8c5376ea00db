resource "payinvoice_hesabe_invoice" "order" {
  amount        = "20.250"
  description   = "Consultation, two sessions"
  customer_name = "Noura Al-Sabah"
  language      = "ar"

  items = [
    {
      title    = "Session"
      rate     = "10.125"
      quantity = 2
      amount   = "20.250"
    },
  ]
}
