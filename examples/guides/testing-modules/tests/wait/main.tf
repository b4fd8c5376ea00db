terraform {
  required_version = ">= 1.14"

  required_providers {
    payinvoice = {
      source = "payinvoice/payinvoice"
    }
  }
}

variable "invoice_id" {
  type = string
}

# Replace this with what pays in your test, such as a script with a browser.
resource "payinvoice_sandbox_event" "payment" {
  gateway    = "meum"
  invoice_id = var.invoice_id
  event      = "pay"

  lifecycle {
    action_trigger {
      events  = [after_create]
      actions = [action.payinvoice_meum_wait_for_invoice.paid]
    }
  }
}

action "payinvoice_meum_wait_for_invoice" "paid" {
  config {
    id      = var.invoice_id
    timeout = "1m"
  }
}
