list "payinvoice_cryptocloud_invoice" "lost" {
  provider = payinvoice

  config {
    start    = formatdate("YYYY-MM-DD", timeadd(plantimestamp(), "-24h"))
    end      = formatdate("YYYY-MM-DD", plantimestamp())
    order_id = "order-1001"
  }
}
