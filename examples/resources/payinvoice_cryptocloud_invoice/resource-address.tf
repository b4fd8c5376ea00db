resource "payinvoice_cryptocloud_invoice" "order" {
  amount         = "149.90"
  order_id       = "order-1001"
  cryptocurrency = "USDT_TRC20"
}

output "payment" {
  value = {
    address = payinvoice_cryptocloud_invoice.order.address
    amount  = payinvoice_cryptocloud_invoice.order.amount_in_crypto
  }
}
