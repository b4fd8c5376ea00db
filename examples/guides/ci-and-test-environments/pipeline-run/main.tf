terraform {
  required_providers {
    payinvoice = {
      source = "payinvoice/payinvoice"
    }
  }
}

variable "run_id" {
  description = "The id of the pipeline run, such as GITHUB_RUN_ID."
  type        = string
}

resource "payinvoice_cryptocloud_invoice" "checkout_test" {
  amount   = "5.00"
  order_id = "ci-${var.run_id}"

  # If the run is killed, the invoice expires after an hour.
  time_to_pay = { hours = 1 }

  # If the run is repeated, it takes over the invoice that is still open.
  adopt_existing = true

  # A pipeline should fail early instead of waiting.
  timeouts = {
    create = "5m"
    delete = "2m"
  }
}

output "phase" {
  value = payinvoice_cryptocloud_invoice.checkout_test.phase
}

output "checkout_url" {
  value = payinvoice_cryptocloud_invoice.checkout_test.checkout_url
}
