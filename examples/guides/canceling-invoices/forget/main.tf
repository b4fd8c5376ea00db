terraform {
  required_providers {
    payinvoice = {
      source = "payinvoice/payinvoice"
    }
  }
}

removed {
  from = payinvoice_cryptocloud_invoice.order

  lifecycle {
    destroy = false
  }
}
