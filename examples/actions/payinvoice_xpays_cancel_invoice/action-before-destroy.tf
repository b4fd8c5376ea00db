resource "payinvoice_xpays_invoice" "order" {
  order_id           = "order-1001"
  amount             = "40.00"
  from_fiat_currency = "USD"
  to_crypto_currency = "USDT"
  chain              = "tron"

  lifecycle {
    action_trigger {
      events  = [before_destroy]
      actions = [action.payinvoice_xpays_cancel_invoice.order]
    }
  }
}

action "payinvoice_xpays_cancel_invoice" "order" {
  config {
    id            = caller.id
    ignore_closed = true
  }
}
