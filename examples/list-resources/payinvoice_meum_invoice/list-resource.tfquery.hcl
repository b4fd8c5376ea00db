list "payinvoice_meum_invoice" "awaiting_payment" {
  provider = payinvoice

  # Each result holds the whole invoice, not only its id.
  include_resource = true

  config {
    status = "awaiting_payment"
  }
}
