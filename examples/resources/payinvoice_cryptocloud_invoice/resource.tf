resource "payinvoice_cryptocloud_invoice" "order" {
  amount   = "149.90"
  currency = "EUR"
  order_id = "order-1001"
  email    = "customer@shop.example"

  # The payer has two hours, and the choice of two coins.
  time_to_pay          = { hours = 2 }
  available_currencies = ["USDT_TRC20", "BTC"]
}

output "checkout_url" {
  value = payinvoice_cryptocloud_invoice.order.checkout_url
}
