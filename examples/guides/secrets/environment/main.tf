# The gateways' secrets are in the environment; what is no secret stands here.
provider "payinvoice" {
  cryptocloud = {
    shop_id = "xBAivfPIbskwuEWj"
  }
}

resource "payinvoice_cryptocloud_invoice" "order" {
  amount = "149.90"
}
