terraform {
  required_providers {
    payinvoice = {
      source = "payinvoice/payinvoice"
    }
  }
}

variable "invoice_id" {
  description = "The invoice that the new one replaces."
  type        = string
}

resource "payinvoice_cryptocloud_invoice" "order" {
  amount = "149.90"

  lifecycle {
    action_trigger {
      events     = [after_create]
      actions    = [action.payinvoice_cryptocloud_cancel_invoice.old]
      on_failure = continue
    }
  }
}

action "payinvoice_cryptocloud_cancel_invoice" "old" {
  config {
    id = var.invoice_id
  }
}
