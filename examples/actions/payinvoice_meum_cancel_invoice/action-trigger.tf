variable "invoice_id" {
  description = "The invoice that the new one replaces."
  type        = string
}

resource "payinvoice_meum_invoice" "order" {
  amount            = "19.90"
  external_order_id = "order-1001-b"

  lifecycle {
    action_trigger {
      events  = [after_create]
      actions = [action.payinvoice_meum_cancel_invoice.superseded]
    }
  }
}

action "payinvoice_meum_cancel_invoice" "superseded" {
  config {
    id = var.invoice_id

    # If it has been paid in the meantime, leave it alone.
    ignore_closed = true
  }
}
