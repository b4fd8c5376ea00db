terraform {
  required_providers {
    payinvoice = {
      source = "payinvoice/payinvoice"
    }
  }
}

# CRYPTOCLOUD_API_KEY holds the API key.
provider "payinvoice" {
  cryptocloud = {
    shop_id = "xBAivfPIbskwuEWj"
  }
}

data "payinvoice_cryptocloud_invoices" "today" {
  start = formatdate("YYYY-MM-DD", plantimestamp())
  end   = formatdate("YYYY-MM-DD", plantimestamp())
}

output "invoices" {
  value = length(data.payinvoice_cryptocloud_invoices.today.invoices)
}
