terraform {
  required_providers {
    payinvoice = {
      source = "registry.terraform.io/payinvoice/payinvoice"
    }
  }
}

variable "sandbox" { type = string }
variable "shop" { type = string }

variable "policy" {
  type    = string
  default = "cancel_or_fail"
}

# Whether there are invoices that nobody pays.
variable "open" {
  type    = bool
  default = false
}

provider "payinvoice" {
  sandbox = { url = var.sandbox }
}

resource "payinvoice_cryptocloud_invoice" "order" {
  amount          = "25.00"
  order_id        = "order-1001"
  deletion_policy = var.policy
}

resource "payinvoice_hesabe_invoice" "order" {
  amount           = "7.500"
  reference_number = "order-1002"
  webhook          = "${var.shop}/webhooks/hesabe"
  language         = "ar"
  deletion_policy  = var.policy
}

resource "payinvoice_meum_invoice" "order" {
  amount            = "19.90"
  external_order_id = "order-1003"
  callback_url      = "${var.shop}/webhooks/meum"
  return_url        = "${var.shop}/thanks"
  deletion_policy   = var.policy
}

resource "payinvoice_xpays_invoice" "order" {
  order_id           = "order-1004"
  amount             = "40.00"
  from_fiat_currency = "USD"
  to_crypto_currency = "USDT"
  chain              = "tron"
  url_success        = "${var.shop}/thanks"
  deletion_policy    = var.policy
}

resource "payinvoice_meum_invoice" "open" {
  count             = var.open ? 1 : 0
  amount            = "5.00"
  external_order_id = "order-1005"
}

resource "payinvoice_xpays_invoice" "open" {
  count              = var.open ? 1 : 0
  order_id           = "order-1006"
  amount             = "5.00"
  from_fiat_currency = "USD"
  to_crypto_currency = "USDT"
  chain              = "tron"
}

output "invoices" {
  value = merge(
    {
      cryptocloud = merge(payinvoice_cryptocloud_invoice.order, { reference = payinvoice_cryptocloud_invoice.order.order_id })
      hesabe      = merge(payinvoice_hesabe_invoice.order, { reference = payinvoice_hesabe_invoice.order.reference_number })
      meum        = merge(payinvoice_meum_invoice.order, { reference = payinvoice_meum_invoice.order.external_order_id })
      xpays       = merge(payinvoice_xpays_invoice.order, { reference = payinvoice_xpays_invoice.order.order_id })
    },
    { for i in payinvoice_meum_invoice.open : "meum_open" => merge(i, { reference = i.external_order_id }) },
    { for i in payinvoice_xpays_invoice.open : "xpays_open" => merge(i, { reference = i.order_id }) },
  )
}
