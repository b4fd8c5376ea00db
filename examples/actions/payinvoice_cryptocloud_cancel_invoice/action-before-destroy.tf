resource "payinvoice_cryptocloud_invoice" "order" {
  amount   = "149.90"
  currency = "EUR"

  lifecycle {
    action_trigger {
      events  = [before_destroy]
      actions = [action.payinvoice_cryptocloud_cancel_invoice.order]
    }
  }
}

action "payinvoice_cryptocloud_cancel_invoice" "order" {
  config {
    id            = caller.id
    ignore_closed = true
  }
}
