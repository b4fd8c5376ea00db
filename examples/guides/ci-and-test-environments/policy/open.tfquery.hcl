list "payinvoice_cryptocloud_invoice" "open" {
  provider         = payinvoice
  include_resource = true
  limit            = 1000

  config {
    start  = formatdate("YYYY-MM-DD", timeadd(plantimestamp(), "-8760h"))
    end    = formatdate("YYYY-MM-DD", plantimestamp())
    phases = ["open"]
  }
}
