resource "payinvoice_cryptocloud_invoice" "order" {
  amount   = "149.90"
  order_id = "order-1001"

  # The payer has two hours, and the choice of two coins.
  time_to_pay          = { hours = 2 }
  available_currencies = ["USDT_TRC20", "BTC"]

  # The next apply replaces an invoice that has expired: CryptoCloud reports it
  # as canceled.
  replace_when = ["canceled"]
}
