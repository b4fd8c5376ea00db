variable "invoice_id" {
  description = "The invoice that the new one replaces."
  type        = string
}

resource "payinvoice_cryptocloud_invoice" "order" {
  amount   = "149.90"
  currency = "EUR"

  lifecycle {
    action_trigger {
      events  = [after_create]
      actions = [action.payinvoice_cryptocloud_cancel_invoice.superseded]
    }
  }
}

action "payinvoice_cryptocloud_cancel_invoice" "superseded" {
  config {
    id = var.invoice_id

    # If it has been paid in the meantime, leave it alone.
    ignore_closed = true
  }
}
