list "payinvoice_cryptocloud_invoice" "open" {
  provider = payinvoice

  config {
    start  = formatdate("YYYY-MM-DD", timeadd(plantimestamp(), "-168h"))
    end    = formatdate("YYYY-MM-DD", plantimestamp())
    phases = ["open"]
  }
}
