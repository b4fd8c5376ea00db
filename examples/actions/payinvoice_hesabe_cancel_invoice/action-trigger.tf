variable "invoice_id" {
  description = "The invoice that the new one replaces."
  type        = string
}

resource "payinvoice_hesabe_invoice" "order" {
  amount        = "20.250"
  customer_name = "Noura Al-Sabah"

  lifecycle {
    action_trigger {
      events  = [after_create]
      actions = [action.payinvoice_hesabe_cancel_invoice.superseded]
    }
  }
}

action "payinvoice_hesabe_cancel_invoice" "superseded" {
  config {
    id = var.invoice_id

    # If it has been paid in the meantime, leave it alone.
    ignore_closed = true
  }
}
