locals {
  currency = coalesce(var.currency, var.gateway == "hesabe" ? "KWD" : "USD")

  # Exactly one of these exists. Only the name of the reference differs.
  invoice = one(concat(
    payinvoice_cryptocloud_invoice.this,
    payinvoice_hesabe_invoice.this,
    payinvoice_meum_invoice.this,
    payinvoice_xpays_invoice.this,
  ))
  reference = one(concat(
    payinvoice_cryptocloud_invoice.this[*].order_id,
    payinvoice_hesabe_invoice.this[*].reference_number,
    payinvoice_meum_invoice.this[*].external_order_id,
    payinvoice_xpays_invoice.this[*].order_id,
  ))
}

resource "payinvoice_cryptocloud_invoice" "this" {
  count = var.gateway == "cryptocloud" ? 1 : 0

  amount   = var.amount
  currency = local.currency
  order_id = var.reference

  adopt_existing  = var.adopt_existing
  replace_when    = var.replace_when
  deletion_policy = var.deletion_policy
}

resource "payinvoice_hesabe_invoice" "this" {
  count = var.gateway == "hesabe" ? 1 : 0

  amount           = var.amount
  reference_number = var.reference

  adopt_existing  = var.adopt_existing
  replace_when    = var.replace_when
  deletion_policy = var.deletion_policy

  lifecycle {
    precondition {
      condition     = local.currency == "KWD"
      error_message = "Hesabe invoices are in KWD."
    }
  }
}

resource "payinvoice_meum_invoice" "this" {
  count = var.gateway == "meum" ? 1 : 0

  amount            = var.amount
  currency          = local.currency
  external_order_id = var.reference

  adopt_existing  = var.adopt_existing
  replace_when    = var.replace_when
  deletion_policy = var.deletion_policy
}

# XPays is the only gateway that requires a reference.
resource "terraform_data" "reference" {
  count = var.gateway == "xpays" && var.reference == null ? 1 : 0
}

resource "payinvoice_xpays_invoice" "this" {
  count = var.gateway == "xpays" ? 1 : 0

  amount             = var.amount
  from_fiat_currency = local.currency
  to_crypto_currency = var.xpays.to_crypto_currency
  chain              = var.xpays.chain
  order_id           = var.reference != null ? var.reference : one(terraform_data.reference[*].id)

  replace_when    = var.replace_when
  deletion_policy = var.deletion_policy
}
