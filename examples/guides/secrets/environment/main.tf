terraform {
  required_providers {
    payinvoice = {
      source = "payinvoice/payinvoice"
    }
  }
}

# Secrets come from the environment. Other settings can be in the configuration.
provider "payinvoice" {
  cryptocloud = {
    shop_id = "xBAivfPIbskwuEWj"
  }
}

resource "payinvoice_cryptocloud_invoice" "order" {
  amount = "149.90"
}
