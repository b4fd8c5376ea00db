terraform {
  required_providers {
    payinvoice = {
      source = "payinvoice/payinvoice"
    }
  }
}

# Destroy cancels this invoice. If it was paid, destroy removes it from the state
# with a warning.
resource "payinvoice_cryptocloud_invoice" "order" {
  amount = "149.90"
}

# Destroy cancels this invoice. If it was paid, destroy fails, so that a person
# has to look at it.
resource "payinvoice_cryptocloud_invoice" "deposit" {
  amount          = "2500.00"
  deletion_policy = "cancel_or_fail"
}

# Destroy never cancels this invoice: another system decides when to cancel it.
resource "payinvoice_cryptocloud_invoice" "subscription" {
  amount          = "9.90"
  deletion_policy = "abandon"
}
