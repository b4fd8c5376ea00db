# MEUM_API_KEY holds the API key; there is nothing else to configure.
provider "payinvoice" {}

data "payinvoice_meum_invoices" "open" {
  status = "awaiting_payment"
}

output "open_invoices" {
  value = length(data.payinvoice_meum_invoices.open.invoices)
}
