terraform {
  required_providers {
    payinvoice = {
      source = "registry.terraform.io/payinvoice/payinvoice"
    }
  }
}

variable "sandbox" { type = string }

variable "policy" {
  type    = string
  default = "cancel_or_fail"
}

provider "payinvoice" {
  sandbox = { url = var.sandbox }
}
