terraform {
  required_providers {
    payinvoice = {
      source = "payinvoice/payinvoice"
    }
  }
}

provider "payinvoice" {
  sandbox = {
    data_dir = ".payinvoice"
  }
}
