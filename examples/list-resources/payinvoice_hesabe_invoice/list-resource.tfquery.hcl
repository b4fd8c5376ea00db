list "payinvoice_hesabe_invoice" "open" {
  provider = payinvoice
  limit    = 50

  config {
    from_date = formatdate("YYYY-MM-DD", timeadd(plantimestamp(), "-168h"))
    phases    = ["open"]
  }
}
