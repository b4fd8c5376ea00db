terraform {
  required_version = ">= 1.14"

  required_providers {
    payinvoice = {
      source = "payinvoice/payinvoice"
    }
  }
}
