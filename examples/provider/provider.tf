terraform {
  required_version = ">= 1.5"

  required_providers {
    payinvoice = {
      source  = "payinvoice/payinvoice"
      version = "~> 0.1"
    }
  }
}

# Credentials come from the environment: CRYPTOCLOUD_API_KEY, MEUM_API_KEY, and
# so on. Only the gateways that the configuration uses need any.
provider "payinvoice" {
  cryptocloud = {
    shop_id = "xBAivfPIbskwuEWj"
  }
}
