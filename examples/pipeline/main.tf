variable "run_id" {
  description = "The id of the pipeline run."
  type        = string
}

variable "gateway" {
  type    = string
  default = "meum"
}

module "invoice" {
  source = "../modules/test-environment"

  gateway   = var.gateway
  amount    = "5.00"
  reference = "ci-${var.run_id}"

  # If the run is repeated, it takes over the invoice that is still open.
  adopt_existing = true
}

output "checkout_url" {
  value = module.invoice.checkout_url
}
