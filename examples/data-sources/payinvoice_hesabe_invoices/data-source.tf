# Invoices of the last week that somebody has paid.
data "payinvoice_hesabe_invoices" "paid" {
  from_date = formatdate("YYYY-MM-DD", timeadd(plantimestamp(), "-168h"))
  phases    = ["paid"]
}

output "paid_invoices" {
  value = [for i in data.payinvoice_hesabe_invoices.paid.invoices : "${i.reference_number}: ${i.amount} KWD"]
}
