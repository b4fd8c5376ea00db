# How many of the last week's invoices have been paid.
data "payinvoice_cryptocloud_statistics" "week" {
  start = formatdate("YYYY-MM-DD", timeadd(plantimestamp(), "-168h"))
  end   = formatdate("YYYY-MM-DD", plantimestamp())
}

output "paid" {
  value = format("%d of %d",
    data.payinvoice_cryptocloud_statistics.week.counts["paid"],
    data.payinvoice_cryptocloud_statistics.week.counts["all"],
  )
}
