# Destroy cancels it. If it was paid, destroy only forgets it, with a warning.
resource "payinvoice_cryptocloud_invoice" "order" {
  amount = "149.90"
}

# Destroy cancels it. If it was paid, destroy fails until a person has looked.
resource "payinvoice_cryptocloud_invoice" "deposit" {
  amount          = "2500.00"
  deletion_policy = "cancel_or_fail"
}

# Destroy never cancels it: another system decides.
resource "payinvoice_cryptocloud_invoice" "subscription" {
  amount          = "9.90"
  deletion_policy = "abandon"
}
