variable "invoice_id" {
  description = "The invoice that the new one replaces."
  type        = string
}

resource "payinvoice_xpays_invoice" "order" {
  order_id           = "order-1001-b"
  amount             = "40.00"
  from_fiat_currency = "USD"
  to_crypto_currency = "USDT"
  chain              = "tron"

  lifecycle {
    action_trigger {
      events  = [after_create]
      actions = [action.payinvoice_xpays_cancel_invoice.superseded]
    }
  }
}

action "payinvoice_xpays_cancel_invoice" "superseded" {
  config {
    id = var.invoice_id

    # If it has been paid in the meantime, leave it alone.
    ignore_closed = true
  }
}
