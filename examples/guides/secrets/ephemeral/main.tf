terraform {
  required_providers {
    payinvoice = {
      source = "payinvoice/payinvoice"
    }
  }
}

variable "meum_api_key" {
  type      = string
  sensitive = true
  ephemeral = true # neither in a plan file nor in a state file
}

provider "payinvoice" {
  meum = {
    api_key = var.meum_api_key
  }
}

resource "payinvoice_meum_invoice" "order" {
  amount = "19.90"
}
