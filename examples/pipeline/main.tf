variable "run_id" {
  description = "What identifies the pipeline run."
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

  # A run that is repeated takes over what its first attempt left open.
  adopt_existing = true
}

output "checkout_url" {
  value = module.invoice.checkout_url
}
