resource "payinvoice_hesabe_invoice" "staging" {
  amount      = "5.000"
  description = "Staging: pay me"

  # The next apply replaces an invoice that cannot be paid any more.
  replace_when = ["expired", "canceled", "paid"]

  # What was paid on staging needs no warning when it is replaced.
  deletion_policy = "abandon"
}

output "checkout_url" {
  value = payinvoice_hesabe_invoice.staging.checkout_url
}
