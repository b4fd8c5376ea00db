# Invoices of the last week that nobody has paid yet.
data "payinvoice_cryptocloud_invoices" "open" {
  start  = formatdate("YYYY-MM-DD", timeadd(plantimestamp(), "-168h"))
  end    = formatdate("YYYY-MM-DD", plantimestamp())
  phases = ["open"]
}

output "open_invoices" {
  value = [for i in data.payinvoice_cryptocloud_invoices.open.invoices : {
    id           = i.id
    amount       = "${i.amount} ${i.currency}"
    checkout_url = i.checkout_url
  }]
}
