terraform {
  required_version = ">= 1.5"

  required_providers {
    payinvoice = {
      source = "payinvoice/payinvoice"
    }
  }
}
