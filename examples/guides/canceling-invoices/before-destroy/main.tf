terraform {
  required_providers {
    payinvoice = {
      source = "payinvoice/payinvoice"
    }
  }
}

variable "invoice_id" {
  description = "The invoice that the shop created for this environment."
  type        = string
}

resource "terraform_data" "environment" {
  lifecycle {
    action_trigger {
      events  = [before_destroy]
      actions = [action.payinvoice_cryptocloud_cancel_invoice.environment]
    }
  }
}

action "payinvoice_cryptocloud_cancel_invoice" "environment" {
  config {
    id            = var.invoice_id
    ignore_closed = true
  }
}
