terraform {
  required_providers {
    payinvoice = {
      source = "payinvoice/payinvoice"
    }
  }
}

provider "payinvoice" {
  sandbox = { url = "http://localhost:4480" }
}

resource "payinvoice_meum_invoice" "order" {
  amount            = "19.90"
  external_order_id = "order-1001"
  return_url        = "http://localhost:3000/"
}

output "checkout_url" {
  value = payinvoice_meum_invoice.order.checkout_url
}
