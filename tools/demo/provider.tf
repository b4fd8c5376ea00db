terraform {
  required_version = ">= 1.5"

  required_providers {
    payinvoice = {
      # The whole address, so that OpenTofu looks in the same place.
      source = "registry.terraform.io/payinvoice/payinvoice"
    }
  }
}

variable "data_dir" {
  description = "Where the simulated gateways keep their invoices."
  type        = string
}

provider "payinvoice" {
  sandbox = {
    data_dir = var.data_dir
  }
}
