removed {
  from = payinvoice_cryptocloud_invoice.order

  lifecycle {
    destroy = false
  }
}
