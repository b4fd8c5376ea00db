# The invoices of the last year at every gateway that can list them.
list "payinvoice_cryptocloud_invoice" "all" {
  provider         = payinvoice
  include_resource = true
  limit            = 10000

  config {
    start = formatdate("YYYY-MM-DD", timeadd(plantimestamp(), "-8760h"))
    end   = formatdate("YYYY-MM-DD", plantimestamp())
  }
}

list "payinvoice_hesabe_invoice" "all" {
  provider         = payinvoice
  include_resource = true
  limit            = 10000
}

list "payinvoice_meum_invoice" "all" {
  provider         = payinvoice
  include_resource = true
  limit            = 10000
}
