terraform {
  required_providers {
    payinvoice = {
      source = "payinvoice/payinvoice"
    }
  }
}

# MEUM_API_KEY holds the API key. Nothing else needs to be configured.
provider "payinvoice" {}

data "payinvoice_meum_invoices" "open" {
  status = "awaiting_payment"
}

output "invoices" {
  value = length(data.payinvoice_meum_invoices.open.invoices)
}
